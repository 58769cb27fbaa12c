"""What the form calls the exporter's families and arguments. What is not listed here goes by the exporter's own words."""

from __future__ import annotations

from detector_app.ui.model_export.offer import Argument, Family
from detector_app.ui.translation import QT_TRANSLATE_NOOP, translate

CONTEXT = "ExportWords"
Words = tuple[str, str]

FAMILIES: dict[str, Words] = {
    "yolo": (
        QT_TRANSLATE_NOOP("ExportWords", "YOLO with anchors, trained here"),
        QT_TRANSLATE_NOOP("ExportWords", "Finds objects. The file that “detector-train detect --model yolo” wrote."),
    ),
    "yolo-v1": (
        QT_TRANSLATE_NOOP("ExportWords", "YOLO, the first version, trained here"),
        QT_TRANSLATE_NOOP("ExportWords", "Finds objects on a grid. The file that “detector-train detect” wrote."),
    ),
    "faster-rcnn": (
        QT_TRANSLATE_NOOP("ExportWords", "Faster R-CNN, trained here"),
        QT_TRANSLATE_NOOP("ExportWords", "Finds objects; proposes the places itself."),
    ),
    "fast-rcnn": (
        QT_TRANSLATE_NOOP("ExportWords", "Fast R-CNN, trained here"),
        QT_TRANSLATE_NOOP("ExportWords", "Finds objects in places that selective search proposes."),
    ),
    "rcnn": (
        QT_TRANSLATE_NOOP("ExportWords", "R-CNN, trained here"),
        QT_TRANSLATE_NOOP("ExportWords", "Looks at each place that selective search proposes by itself."),
    ),
    "torchvision": (
        QT_TRANSLATE_NOOP("ExportWords", "Faster R-CNN of torchvision"),
        QT_TRANSLATE_NOOP("ExportWords", "Finds objects. A checkpoint of fasterrcnn_resnet50_fpn."),
    ),
    "classifier": (
        QT_TRANSLATE_NOOP("ExportWords", "Classifier"),
        QT_TRANSLATE_NOOP("ExportWords", "Says what a picture shows. Trained here, or a torchvision checkpoint."),
    ),
    "mtcnn": (
        QT_TRANSLATE_NOOP("ExportWords", "MTCNN, the face detector"),
        QT_TRANSLATE_NOOP("ExportWords", "Three networks that find faces and their landmarks, written into a folder."),
    ),
    "embedder": (
        QT_TRANSLATE_NOOP("ExportWords", "Face embedder, trained here"),
        QT_TRANSLATE_NOOP("ExportWords", "Tells faces apart. The file that “detector-train faces” wrote."),
    ),
    "darknet": (
        QT_TRANSLATE_NOOP("ExportWords", "Darknet: YOLOv2, v3 or v4"),
        QT_TRANSLATE_NOOP("ExportWords", "Finds objects. The .cfg, .weights and .names files of the original program."),
    ),
}
"""Name of a family → what it is called, and what it is."""

ARGUMENTS: dict[str, Words] = {
    "--weights": (QT_TRANSLATE_NOOP("ExportWords", "Weights"), QT_TRANSLATE_NOOP("ExportWords", "The trained network")),
    "--cfg": (
        QT_TRANSLATE_NOOP("ExportWords", "Network"),
        QT_TRANSLATE_NOOP("ExportWords", "The .cfg file with its layers"),
    ),
    "--names": (
        QT_TRANSLATE_NOOP("ExportWords", "Class names"),
        QT_TRANSLATE_NOOP("ExportWords", "A text file, one name a line"),
    ),
    "--resize": (
        QT_TRANSLATE_NOOP("ExportWords", "Fitting"),
        QT_TRANSLATE_NOOP("ExportWords", "How pictures are brought to the size of the input"),
    ),
    "--model": (
        QT_TRANSLATE_NOOP("ExportWords", "Architecture"),
        QT_TRANSLATE_NOOP("ExportWords", "For weights from elsewhere: the network they belong to, such as resnet18"),
    ),
    "--size": (
        QT_TRANSLATE_NOOP("ExportWords", "Input size"),
        QT_TRANSLATE_NOOP("ExportWords", "Height and width in pixels, such as 224,224"),
    ),
    "--option": (
        QT_TRANSLATE_NOOP("ExportWords", "Options"),
        QT_TRANSLATE_NOOP("ExportWords", "Of the architecture, as NAME=VALUE, with spaces between several"),
    ),
    "--licence": (
        QT_TRANSLATE_NOOP("ExportWords", "Licence"),
        QT_TRANSLATE_NOOP("ExportWords", "Of the weights; it is written into the model card"),
    ),
    "--name": (
        QT_TRANSLATE_NOOP("ExportWords", "Name"),
        QT_TRANSLATE_NOOP("ExportWords", "What the model card calls it; by default the name of the file"),
    ),
    "--batch": (
        QT_TRANSLATE_NOOP("ExportWords", "Batch"),
        QT_TRANSLATE_NOOP("ExportWords", "How many pictures the graph takes at once: any number, or one"),
    ),
    "--fp16": (
        QT_TRANSLATE_NOOP("ExportWords", "Half precision (FP16)"),
        QT_TRANSLATE_NOOP(
            "ExportWords", "Half the size, and faster on a GPU; norms and boxes stay in single precision"
        ),
    ),
    "--int8": (
        QT_TRANSLATE_NOOP("ExportWords", "Whole numbers (INT8)"),
        QT_TRANSLATE_NOOP("ExportWords", "A quarter of the size; needs pictures to calibrate with"),
    ),
    "--calibrate": (
        QT_TRANSLATE_NOOP("ExportWords", "Calibration pictures"),
        QT_TRANSLATE_NOOP("ExportWords", "For INT8: a folder of pictures like those that the model will see"),
    ),
    "--images": (
        QT_TRANSLATE_NOOP("ExportWords", "Test pictures"),
        QT_TRANSLATE_NOOP("ExportWords", "For FP16 and INT8: what the smaller model is judged on"),
    ),
    "--annotations": (
        QT_TRANSLATE_NOOP("ExportWords", "Test annotations"),
        QT_TRANSLATE_NOOP("ExportWords", "For FP16 and INT8: a COCO file that says what is in the test pictures"),
    ),
    "--largest-drop": (
        QT_TRANSLATE_NOOP("ExportWords", "Largest loss"),
        QT_TRANSLATE_NOOP("ExportWords", "For FP16 and INT8: how much mAP50 or accuracy may be lost, 0 to 1"),
    ),
    "--nms": (
        QT_TRANSLATE_NOOP("ExportWords", "Select boxes inside the graph"),
        QT_TRANSLATE_NOOP("ExportWords", "Thresholds become inputs; for programs that cannot select boxes themselves"),
    ),
    "--no-picture": (
        QT_TRANSLATE_NOOP("ExportWords", "No picture of the proof"),
        QT_TRANSLATE_NOOP("ExportWords", "Leave out the picture that is written beside the file"),
    ),
    "--uint8": (
        QT_TRANSLATE_NOOP("ExportWords", "Take raw frames"),
        QT_TRANSLATE_NOOP("ExportWords", "The graph takes pictures as a camera gives them: bytes, rows by columns"),
    ),
}
"""Flag → label, and one sentence on it."""

CHOICES: dict[str, str] = {
    "letterbox": QT_TRANSLATE_NOOP("ExportWords", "keep the proportions (letterbox)"),
    "stretch": QT_TRANSLATE_NOOP("ExportWords", "stretch"),
    "symbolic": QT_TRANSLATE_NOOP("ExportWords", "any number"),
    "1": QT_TRANSLATE_NOOP("ExportWords", "one"),
}

STAGES: dict[str, str] = {
    "read": QT_TRANSLATE_NOOP("ExportWords", "Reading the weights"),
    "trace": QT_TRANSLATE_NOOP("ExportWords", "Tracing the network"),
    "verify": QT_TRANSLATE_NOOP("ExportWords", "Comparing ONNX Runtime with PyTorch"),
    "write": QT_TRANSLATE_NOOP("ExportWords", "Writing the file"),
}


def family_words(family: Family) -> Words:
    """What ``family`` is called, and what it is, in the present language."""
    title, hint = FAMILIES.get(family.name, (family.name, family.help))
    return translate(CONTEXT, title), translate(CONTEXT, hint)


def argument_words(argument: Argument) -> Words:
    """The label of ``argument``, and one sentence on it, in the present language."""
    plain = argument.flag.removeprefix("--").replace("-", " ").capitalize()
    label, hint = ARGUMENTS.get(argument.flag, (plain, argument.help))
    return translate(CONTEXT, label), translate(CONTEXT, hint)


def choice_words(choice: str) -> str:
    """One of the things that can be chosen."""
    return translate(CONTEXT, CHOICES.get(choice, choice))


def stage_words(stage: str, text: str) -> str:
    """What the exporter is doing; a stage that is not known by its own ``text``."""
    return translate(CONTEXT, STAGES[stage]) if stage in STAGES else text
