"""What a run says to people: who is left out, and how good the networks are on them."""

from collections.abc import Sequence

from models.faces.evaluation import LOW_FAR, Evaluation
from models.faces.verification import equal_error_rate

SHOWN = 12


def print_part(number: int, parts: int, unseen: Sequence[str]) -> None:
    """Which people a network will not see."""
    more = f" and {len(unseen) - SHOWN} more" if len(unseen) > SHOWN else ""
    print(f"part {number} of {parts}: trained without {', '.join(unseen[:SHOWN])}{more}", flush=True)


def print_evaluation(found: Evaluation) -> None:
    """The figures, with the floor of raw pixels beside them."""
    told, floor = found.metrics(), equal_error_rate(found.floor)
    print("on people whom the networks have not seen:")
    print(f"  pairs right      {told['pair_accuracy']:.3f} ± {found.crossed.spread:.3f}, threshold chosen on others")
    print(f"  equal error rate {told['EER']:.3f}   (raw pixels: {floor:.3f})")
    print(f"  TAR at FAR {LOW_FAR:g}  {told['TAR@FAR1e-2']:.3f}")
    print(f"  rank-1, 5 of 10  {told['rank1']:.3f}   (raw pixels, among everybody: {found.floor_rank_one:.3f})")
    for form, accuracy in found.classifiers.items():
        print(f"  pair classifier, {form}: {accuracy:.3f}")
    for one in found.growth:
        print(
            f"  1:{one.people:<3} enrolled taken for another {one.missed:.3f}, "
            f"stranger accepted {one.accepted:.3f} (independent: {one.predicted:.3f})"
        )
    print(f"  threshold {found.threshold:.4f}", flush=True)
