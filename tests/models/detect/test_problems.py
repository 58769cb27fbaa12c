from models.detect.problems import Problem, ProblemKind, sentences


def test_the_worst_comes_first_and_many_are_counted() -> None:
    problems = [Problem(ProblemKind.TWICE, "z.jpg")]
    problems += [Problem(ProblemKind.MISSING_PICTURE, f"{name}.jpg", "named in a.json") for name in "abcde"]
    assert sentences(problems, shown=2) == [
        "5 missing pictures, left out: a.jpg (named in a.json), b.jpg (named in a.json) and 3 more",
        "1 box that is there twice, counted once: z.jpg",
    ]


def test_nothing_wrong_nothing_said() -> None:
    assert sentences([]) == []
