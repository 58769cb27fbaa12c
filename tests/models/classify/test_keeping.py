from models.classify.keeping import is_better

FIRST = (-1.0, float("-inf"))


def kept_of(validations: list[tuple[float, float]], pictures: int) -> tuple[float, float]:
    """The (accuracy, loss) that is kept after all of them."""
    kept, highest = FIRST, 0.0
    for accuracy, loss in validations:
        highest = max(highest, accuracy)
        if is_better((accuracy, -loss), kept, highest, pictures):
            kept = (accuracy, -loss)
    return kept[0], -kept[1]


def test_a_lucky_validation_does_not_beat_a_surer_one() -> None:
    assert kept_of([(0.956, 0.148), (0.951, 0.130), (0.949, 0.131)], 432) == (0.951, 0.130)


def test_a_clearly_better_accuracy_wins_whatever_the_loss() -> None:
    assert kept_of([(0.90, 0.1), (0.95, 0.3)], 432) == (0.95, 0.3)
    assert kept_of([(0.95, 0.3), (0.90, 0.1)], 432) == (0.95, 0.3)


def test_small_steps_down_do_not_add_up() -> None:
    steps = [(0.95 - 0.008 * step, 0.3 - 0.01 * step) for step in range(10)]
    assert kept_of(steps, 432) == steps[1], "one standard error of 432 pictures is 0.0105"


def test_of_perfect_ones_the_loss_decides_and_the_first_validation_is_kept() -> None:
    assert kept_of([(1.0, 0.3), (1.0, 0.2), (0.99, 0.1)], 50) == (1.0, 0.2)
    assert kept_of([(0.0, 5.0)], 3) == (0.0, 5.0)
    assert kept_of([(0.5, 1.0), (0.5, 1.0)], 10) == (0.5, 1.0)
