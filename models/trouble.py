"""What can happen to a training run from outside, told in one sentence that says what to do."""

import contextlib
import errno
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

from models.errors import DiskFullError, MemoryShortError, ModelsError, TrainingInterruptedError

MEMORY_WORDS = (
    "out of memory", "can't allocate memory", "not enough memory", "insufficient memory", "alloc_failed", "killed by signal",
)  # fmt: skip
FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
SIGINT_STATUS, SIGTERM_STATUS = 130, 143


@contextlib.contextmanager
def told_plainly(asked: str, size_option: str, out: Path) -> Iterator[None]:
    """Turns what a run dies of into one of our errors.

    Args:
        asked: what the run asks of the memory, such as "batch 16 at 320 px".
        size_option: what makes pictures smaller, such as "--size"; "--batch" makes them fewer.
        out: the folder that it writes to.

    Raises:
        MemoryShortError: the memory of the machine or its accelerator was too small.
        DiskFullError: a file could not be written for want of room.
        TrainingInterruptedError: Ctrl-C, or the request to end.
    """
    with _own_interrupt_handler():
        try:
            yield
        except ModelsError:
            raise
        except OSError as error:
            if error.errno in FULL:
                todo = "what was written before is kept. Make room and go on with --resume"
                if not _begun(out):
                    todo = "no epoch was saved; make room and start again"
                raise DiskFullError(f"{error.filename or out}: no room to write it; {todo}") from error
            raise
        except Exception as error:  # PyTorch, OpenCV and NumPy each have a class of their own for it
            if isinstance(error, MemoryError) or any(words in str(error).lower() for words in MEMORY_WORDS):
                todo = f"start again with a lower --batch or {size_option}"
                if _begun(out):
                    todo = f"lower --batch and go on with --resume, or start anew with a lower {size_option}"
                raise MemoryShortError(f"out of memory with {asked}; {todo}") from error
            raise
        except (KeyboardInterrupt, SystemExit) as error:
            raise _interrupted(error, out) from error


def _interrupted(error: BaseException, out: Path) -> TrainingInterruptedError:
    """Lightning ends by SystemExit, of a class of its own where it was asked to end rather than interrupted."""
    status = SIGTERM_STATUS if type(error).__name__ == "SIGTERMException" else SIGINT_STATUS
    todo = "go on from the last finished epoch with --resume" if _begun(out) else "no epoch was finished; start again"
    return TrainingInterruptedError(f"interrupted; {todo}", status)


def _begun(out: Path) -> bool:
    """Whether there is anything to resume from."""
    return (out / "checkpoints" / "last.ckpt").is_file()


@contextlib.contextmanager
def _own_interrupt_handler() -> Iterator[None]:
    """Lightning leaves Ctrl-C switched off; afterwards it must work again."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
