"""What a pickle would build, told from its opcodes: nothing in it is imported or called.

A pickle is a small program. `outline` follows it with stand-ins: a name that it would import becomes a `Name`, a call a `Call`, and
what `torch.save` keeps outside of the pickle a `Kept`. So tensors can be named and code be seen without running any.
https://docs.python.org/3/library/pickletools.html
"""

import io
import itertools
import pickletools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

MOST_OPERATIONS = 2_000_000
MOST_DEPTH = 8  # of mappings in mappings
MOST_VISITS = 500_000


class PickleError(ValueError):
    """The bytes are no pickle, or one that no honest program writes; the text says what is wrong."""


@dataclass(frozen=True)
class Name:
    """Something that would be imported."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(frozen=True, eq=False)
class Call:
    """Something that would be called, with its arguments; and what would be set on the result."""

    what: Any
    arguments: Any
    pairs: "list[tuple[Any, Any]]" = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Kept:
    """Something outside of the pickle, by what it is called there."""

    key: Any


@dataclass(frozen=True, eq=False)
class Pairs:
    """A mapping."""

    pairs: list[tuple[Any, Any]]


@dataclass(frozen=True)
class PickleOutline:
    """See the module's text.

    Attributes:
        value: what it would build.
        names: what it would import, each once, in order.
        calls: whether it calls anything at all.
    """

    value: Any
    names: tuple[Name, ...]
    calls: bool


def outline(content: bytes) -> PickleOutline:
    """Follows one pickle.

    Raises:
        PickleError: it is damaged, cut off, or longer than any state dict.
    """
    return next(outlines(content))


def outlines(content: bytes) -> Iterator[PickleOutline]:
    """Follows pickles that lie one behind the other, one at each `next`.

    Raises:
        PickleError: the next one is damaged, cut off, or longer than any state dict.
    """
    stream = io.BytesIO(content)
    while True:
        machine = _Machine()
        try:
            for opcode, argument, place in itertools.islice(pickletools.genops(stream), MOST_OPERATIONS):
                machine.step(opcode.name, argument, place or 0)
        except (ValueError, IndexError, KeyError, TypeError, EOFError, UnicodeError, OverflowError) as error:
            raise PickleError(f"it is damaged or cut off ({error})") from error
        if not machine.stopped:
            raise PickleError(f"it has more than {MOST_OPERATIONS:,} operations")
        yield PickleOutline(machine.result, tuple(dict.fromkeys(machine.names)), machine.calls)


def named_values(value: Any) -> Iterator[tuple[str, Any]]:
    """What lies in mappings under texts, with a dot between those of mappings in mappings; never without end."""
    waiting: list[tuple[str, Any, int]] = [("", value, 0)]
    for _ in range(MOST_VISITS):
        if not waiting:
            return
        path, item, depth = waiting.pop()
        pairs = item.pairs if isinstance(item, (Pairs, Call)) else []
        if pairs and depth < MOST_DEPTH:
            inner = [(f"{path}.{key}" if path else key, held, depth + 1) for key, held in pairs if isinstance(key, str)]
            waiting += reversed(inner)
        elif path:
            yield path, item


class _Machine:
    """The stack and the memo of the unpickler, filled with stand-ins."""

    def __init__(self) -> None:
        self.result: Any = None
        self.names: list[Name] = []
        self.calls = self.stopped = False
        self._stack: list[Any] = []
        self._marks: list[int] = []
        self._memo: dict[int, Any] = {}

    def step(self, name: str, argument: Any, place: int) -> None:
        action = _ACTIONS.get(name)
        if action is not None:
            action(self, argument)
        elif name in _VALUES:
            self._stack.append(argument)
        elif name in _CONSTANTS:
            self._stack.append(_CONSTANTS[name])
        elif name not in _NOTHING:
            raise PickleError(f"operation {name} at byte {place}")

    def pop(self) -> Any:
        return self._stack.pop()

    def push(self, value: Any) -> None:
        self._stack.append(value)

    def since_mark(self) -> list[Any]:
        start = self._marks.pop()
        items = self._stack[start:]
        del self._stack[start:]
        return items

    def mark(self, _: Any) -> None:
        self._marks.append(len(self._stack))

    def take_name(self, argument: Any) -> None:
        module, _, name = argument.partition(" ")
        self.push(self.named(module, name))

    def stack_name(self, _: Any) -> None:
        name, module = self.pop(), self.pop()
        self.push(self.named(str(module), str(name)))

    def named(self, module: str, name: str) -> Name:
        made = Name(module[:200], name[:200])
        if len(self.names) < MOST_OPERATIONS // 100:
            self.names.append(made)
        return made

    def call(self, _: Any) -> None:
        arguments, what = self.pop(), self.pop()
        self.calls = True
        self.push(Call(what, arguments))

    def call_with_names(self, _: Any) -> None:
        named, arguments, what = self.pop(), self.pop(), self.pop()
        self.calls = True
        self.push(Call(what, (arguments, named)))

    def instance(self, argument: Any) -> None:
        self.calls = True
        arguments = tuple(self.since_mark())
        module, _, name = argument.partition(" ")
        self.push(Call(self.named(module, name), arguments))

    def object(self, _: Any) -> None:
        self.calls = True
        what, *arguments = self.since_mark()
        self.push(Call(what, tuple(arguments)))

    def build(self, _: Any) -> None:
        state, target = self.pop(), self._stack[-1]
        if isinstance(target, Call) and isinstance(state, Pairs):
            target.pairs.extend(pair for pair in state.pairs if pair[0] != "_metadata")

    def set_item(self, _: Any) -> None:
        value, key = self.pop(), self.pop()
        self._set([key, value])

    def set_items(self, _: Any) -> None:
        self._set(self.since_mark())

    def _set(self, items: list[Any]) -> None:
        target = self._stack[-1]
        if isinstance(target, (Pairs, Call)):
            target.pairs.extend(zip(items[::2], items[1::2], strict=True))

    def append(self, _: Any) -> None:
        item, target = self.pop(), self._stack[-1]
        if isinstance(target, list):
            target.append(item)

    def appends(self, _: Any) -> None:
        items, target = self.since_mark(), self._stack[-1]
        if isinstance(target, list):
            target.extend(items)

    def tuple_of(self, count: int) -> None:
        items = [self.pop() for _ in range(count)]
        self.push(tuple(reversed(items)))

    def put(self, argument: Any) -> None:
        self._memo[len(self._memo) if argument is None else argument] = self._stack[-1]

    def get(self, argument: Any) -> None:
        self.push(self._memo[argument])

    def kept(self, _: Any) -> None:
        self.push(Kept(self.pop()))

    def drop(self, _: Any) -> None:
        if self._marks and self._marks[-1] == len(self._stack):
            self._marks.pop()
        else:
            self.pop()

    def stop(self, _: Any) -> None:
        self.result, self.stopped = self.pop(), True


_NOTHING = frozenset(("PROTO", "FRAME", "READONLY_BUFFER"))
_CONSTANTS = {
    "NONE": None,
    "NEWTRUE": True,
    "NEWFALSE": False,
    "NEXT_BUFFER": b"",
    "EXT1": None,
    "EXT2": None,
    "EXT4": None,
}
_VALUES = frozenset(
    (
        *("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT"),
        *("STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8"),
        *("BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8"),
    )
)
_ACTIONS: dict[str, Callable[[_Machine, Any], None]] = {
    "MARK": _Machine.mark,
    "GLOBAL": _Machine.take_name,
    "STACK_GLOBAL": _Machine.stack_name,
    "REDUCE": _Machine.call,
    "NEWOBJ": _Machine.call,
    "NEWOBJ_EX": _Machine.call_with_names,
    "INST": _Machine.instance,
    "OBJ": _Machine.object,
    "BUILD": _Machine.build,
    "SETITEM": _Machine.set_item,
    "SETITEMS": _Machine.set_items,
    "APPEND": _Machine.append,
    "APPENDS": _Machine.appends,
    "ADDITEMS": _Machine.appends,
    "EMPTY_DICT": lambda machine, _: machine.push(Pairs([])),
    "EMPTY_LIST": lambda machine, _: machine.push([]),
    "EMPTY_SET": lambda machine, _: machine.push([]),
    "EMPTY_TUPLE": lambda machine, _: machine.push(()),
    "LIST": lambda machine, _: machine.push(machine.since_mark()),
    "TUPLE": lambda machine, _: machine.push(tuple(machine.since_mark())),
    "FROZENSET": lambda machine, _: machine.push(machine.since_mark()),
    "DICT": lambda machine, _: machine.push(Pairs(_paired(machine.since_mark()))),
    "TUPLE1": lambda machine, _: machine.tuple_of(1),
    "TUPLE2": lambda machine, _: machine.tuple_of(2),
    "TUPLE3": lambda machine, _: machine.tuple_of(3),
    "PUT": _Machine.put,
    "BINPUT": _Machine.put,
    "LONG_BINPUT": _Machine.put,
    "MEMOIZE": _Machine.put,
    "GET": _Machine.get,
    "BINGET": _Machine.get,
    "LONG_BINGET": _Machine.get,
    "PERSID": lambda machine, argument: machine.push(Kept(argument)),
    "BINPERSID": _Machine.kept,
    "POP": _Machine.drop,
    "POP_MARK": lambda machine, _: machine.since_mark().clear(),
    "DUP": lambda machine, _: machine.push(machine._stack[-1]),
    "STOP": _Machine.stop,
}


def _paired(items: list[Any]) -> list[tuple[Any, Any]]:
    return list(zip(items[::2], items[1::2], strict=True))
