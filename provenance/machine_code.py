"""Kernels with stated types, kept as machine code that loads in milliseconds.

Numba takes most of a second to load, more than a small corpus takes to audit. A kernel whose
types are stated is therefore compiled once and its object code kept; later processes hand that
to LLVM's loader and never import numba. The code is kept beside the source, else in the user's
cache, under a name made of the versions and the processor, with a hash of the source in it: what
does not fit, is damaged or cannot be read is made anew, and where nothing can be written each
process compiles for itself.
"""

import ctypes
import functools
import hashlib
import os
import sys
import tempfile
import threading
import types
from collections.abc import Callable, Iterator
from importlib.metadata import version
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import numpy as np

_FORMAT: Final = b"provenance machine code 2"
_LOCK: Final = threading.RLock()
_BYTE: Final = ctypes.c_char.from_buffer
_address_of: Final = ctypes.addressof  # in a quarter of the time that `ndarray.ctypes` takes
_UNUSED: Final = "provenance_unused_"
_SCALARS: Final = {
    "u1": ("uint8", ctypes.c_uint8),
    "u2": ("uint16", ctypes.c_uint16),
    "u4": ("uint32", ctypes.c_uint32),
    "u8": ("uint64", ctypes.c_uint64),
    "i1": ("int8", ctypes.c_int8),
    "i4": ("int32", ctypes.c_int32),
    "i8": ("int64", ctypes.c_int64),
    "f8": ("float64", ctypes.c_double),
}


class Inlined:
    """A function of plain loops that kernels call; it becomes part of them.

    What loops cannot say is `lowered`: a function that makes what Numba puts in its place.
    """

    def __init__(
        self, function: Callable[..., Any], lowered: Callable[[], Any] | None = None
    ) -> None:
        functools.update_wrapper(self, function)
        self.function = function
        self.lowered = lowered

    def __call__(self, *arguments: object) -> Any:  # noqa: ANN401 - whatever the function gives
        """Run as plain Python."""
        return self.function(*arguments)


class Lasting:
    """An array that many calls are given, whose place in memory is looked up once."""

    __slots__ = ("array", "flat", "stated")

    def __init__(self, array: Any) -> None:  # noqa: ANN401 - an array
        if not array.flags.c_contiguous:
            raise TypeError("an array that lasts has to be contiguous")
        self.array = array
        self.flat = (array.ctypes.data, *array.shape)
        self.stated = (array.dtype, array.ndim)


class Kernel:
    """A function of plain loops over arrays, compiled; it holds no lock while it runs.

    Arrays, lasting or not, must be C-contiguous and of the stated types, else `TypeError` is
    raised. `plain` is the function itself.
    """

    def __init__(self, function: Callable[..., Any], signature: str) -> None:
        functools.update_wrapper(self, function)
        self.plain = function
        arguments, _, result = signature.partition("->")
        self.arguments = tuple(a.strip() for a in arguments.split(",") if a.strip())
        self._stated = tuple(
            (np.dtype(a[:2]), a.count(":")) if ":" in a else None for a in self.arguments
        )
        self.result = result.strip() or "i8"
        self._function: Callable[..., Any] | None = None

    def __call__(self, *arguments: Any) -> Any:  # noqa: ANN401 - the type is in the signature
        """Run the machine code, which is loaded or made when it is first needed."""
        flat: list[Any] = []
        for value, stated in zip(arguments, self._stated, strict=True):
            if stated is None:
                flat.append(value)
            elif type(value) is Lasting and value.stated == stated:
                flat += value.flat
            else:
                array = value.array if type(value) is Lasting else value
                if (array.dtype, array.ndim) != stated:
                    self._refuse(array, stated)
                try:
                    flat.append(_address_of(_BYTE(array)))
                except (TypeError, ValueError):  # read-only, empty or not contiguous
                    if not array.flags.c_contiguous:
                        self._refuse(array, stated)
                    flat.append(array.ctypes.data)
                flat += array.shape
        return (self._function or self._made())(*flat)

    def _refuse(self, array: Any, stated: tuple["np.dtype[Any]", int]) -> None:  # noqa: ANN401
        kind, dimensions = stated
        wanted = f"{kind.str[1:]}[{':' * dimensions}]"
        raise TypeError(f"{self.plain.__name__} needs {wanted}, got {array.dtype}")

    def _made(self) -> Callable[..., Any]:
        with _LOCK:  # threads that need a kernel at once make it once
            self._function = self._function or self._make()
            return self._function

    def _make(self) -> Callable[..., Any]:
        types_: list[Any] = []
        result: Any = _SCALARS[self.result][1]
        for stated in self.arguments:
            dimensions = stated.count(":")
            if dimensions:
                types_ += [ctypes.c_void_p, *[ctypes.c_int64] * dimensions]
            else:
                types_.append(_SCALARS[stated][1])
        address = _load(self) or _compile(self)
        return ctypes.CFUNCTYPE(result, *types_)(address)


def machine_code(signature: str) -> Callable[[Callable[..., Any]], Kernel]:
    """Return a decorator that makes a kernel of a function.

    The signature names types as NumPy does, `u8[:], i8, u4[::] -> i8`: a colon a dimension; a
    kernel returns one number. A kernel must not allocate, raise or print.
    """
    return lambda function: Kernel(function, signature)


def _parts(function: Callable[..., Any]) -> Iterator[tuple[str, Any]]:
    """Yield the global names that a function uses, and what they stand for."""
    names = function.__code__.co_names
    space = function.__globals__
    return ((name, space[name]) for name in names if name in space)


def _source_key(function: Callable[..., Any], seen: set[str] | None = None) -> str:
    """Return a hash of all that a function is compiled from.

    That is its file, the values of the globals it uses, and the same of what it calls.
    """
    seen = set() if seen is None else seen
    seen.add(f"{function.__module__}.{function.__qualname__}")
    digest = hashlib.sha256(f"{function.__qualname__} {_file_key(function)}".encode())
    for name, value in sorted(_parts(function), key=itemgetter(0)):
        if isinstance(value, Inlined):
            inner = value.function
            if f"{inner.__module__}.{inner.__qualname__}" not in seen:
                digest.update(_source_key(inner, seen).encode())
        elif isinstance(value, np.ndarray):
            digest.update(f"{name}={value.dtype}{value.shape}".encode() + value.tobytes())
        elif isinstance(value, int | float | np.generic):
            digest.update(f"{name}={value!r}".encode())
    return digest.hexdigest()


def _file_key(function: Callable[..., Any]) -> str:
    return _hash_file(function.__code__.co_filename)


@functools.cache
def _hash_file(path: str) -> str:
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError:  # a function without a file; its code says what it does
        return ""


@functools.cache
def _environment() -> tuple[str, str, str]:
    """Return the processor, its features, and a key of both with all versions that matter."""
    import llvmlite.binding as llvm

    name, features = llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()
    versions = [version(package) for package in ("numba", "llvmlite", "numpy")]
    known = (sys.implementation.cache_tag, llvm.get_process_triple(), name, features, *versions)
    own = Path(__file__).read_bytes()
    key = hashlib.sha256(repr(known).encode() + own).hexdigest()[:16]
    return name, features, key


def _places(kernel: Kernel) -> list[Path]:
    """Return where the machine code of a kernel may be kept, the best place first."""
    name = f"{kernel.plain.__module__}.{kernel.plain.__name__}.{_environment()[2]}.o"
    if folder := os.environ.get("PROVENANCE_CACHE_DIR"):
        return [Path(folder) / name]
    places = [Path(kernel.plain.__code__.co_filename).parent / "__pycache__" / name]
    if sys.platform == "win32":
        user = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        user = "~/Library/Caches"
    else:
        user = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    if user:
        expanded = Path(os.path.expanduser(user))  # noqa: PTH111 - never raises
        if expanded.is_absolute():
            places.append(expanded / "provenance" / name)
    return places


@functools.cache
def _engine() -> Any:  # noqa: ANN401 - llvmlite is untyped
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    name, features, _ = _environment()
    machine = llvm.Target.from_default_triple().create_target_machine(
        cpu=name, features=features, opt=3, codemodel="jitdefault", jit=True
    )
    return llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine), machine


def is_kept(kernel: Kernel) -> bool:
    """Tell whether there is machine code of a kernel as its source is now."""
    key = _source_key(kernel.plain).encode()
    for place in _places(kernel):
        try:
            with place.open("rb") as file:
                head = [file.readline(200).rstrip(b"\n") for _ in range(3)]
        except OSError:
            continue
        if head[0] == _FORMAT and head[2] == key:
            return True
    return False


def can_be_kept(kernel: Kernel) -> bool:
    """Tell whether there is a place where the machine code of a kernel can be written."""
    for place in _places(kernel):
        folder = next(parent for parent in place.parents if parent.exists())
        if folder.is_dir() and os.access(folder, os.W_OK):
            return True
    return False


def keep(kernel: Kernel) -> None:
    """Compile a kernel and keep its machine code."""
    _compile(kernel)


def _load(kernel: Kernel) -> int | None:
    """Return the address of a kernel whose machine code is kept, None where none fits."""
    import llvmlite.binding as llvm

    key = _source_key(kernel.plain).encode()
    for place in _places(kernel):
        try:
            data = place.read_bytes()
        except OSError:
            continue
        parts = data.split(b"\n", 5)
        if len(parts) != 6 or parts[0] != _FORMAT or parts[2] != key:
            continue
        if hashlib.sha256(b"\n".join(parts[2:])).hexdigest().encode() != parts[1]:
            continue
        symbol, undefined = parts[3].decode(), parts[4].decode().split()
        for name in undefined:
            llvm.add_symbol(
                name, ctypes.cast(ctypes.pythonapi.Py_FatalError, ctypes.c_void_p).value
            )
        engine, _ = _engine()
        engine.add_object_file(llvm.ObjectFileRef.from_data(parts[5]))
        engine.finalize_object()
        return int(engine.get_function_address(symbol)) or None
    return None


def _compile(kernel: Kernel) -> int:
    """Compile a kernel, keep its machine code where that is possible, and return its address."""
    import numba

    tools: Any = numba  # some of it is untyped
    options = {"nogil": True, "error_model": "numpy"}
    inner: dict[Callable[..., Any], Any] = {}

    def prepared(function: Callable[..., Any]) -> Any:  # noqa: ANN401 - a numba dispatcher
        if function not in inner:
            space = dict(function.__globals__)
            space |= {
                name: value.lowered() if value.lowered else prepared(value.function)
                for name, value in _parts(function)
                if isinstance(value, Inlined)
            }
            again = types.FunctionType(function.__code__, space, function.__name__)
            inner[function] = tools.njit(forceinline=True, _nrt=False, **options)(again)
        return inner[function]

    kinds: list[Any] = []
    names: list[str] = []
    given: list[str] = []
    for i, stated in enumerate(kernel.arguments):
        scalar = getattr(tools.types, _SCALARS[stated[:2]][0])
        sizes = [f"n{i}_{axis}" for axis in range(stated.count(":"))]
        names += [f"a{i}", *sizes]
        if sizes:
            kinds += [tools.types.CPointer(scalar), *[tools.types.int64] * len(sizes)]
            given.append(f"carray(a{i}, ({', '.join(sizes)},))")
        else:
            kinds.append(scalar)
            given.append(f"a{i}")
    space: dict[str, Any] = {"kernel": prepared(kernel.plain), "carray": tools.carray}
    exec(  # noqa: S102 - the text is made above, of the signature
        f"def entry({', '.join(names)}):\n    return kernel({', '.join(given)})\n", space
    )
    result = getattr(tools.types, _SCALARS[kernel.result][0])
    compiled = tools.cfunc(result(*kinds), **options)(space["entry"])
    _keep(kernel, compiled)
    _COMPILED.append(compiled)
    return int(compiled.address)


_COMPILED: Final[list[Any]] = []  # machine code lives as long as the object that made it


def _keep(kernel: Kernel, compiled: Any) -> None:  # noqa: ANN401 - numba is untyped
    """Write the machine code of a kernel to the first place that can be written."""
    import llvmlite.binding as llvm

    _, machine = _engine()
    module = llvm.parse_assembly(compiled.inspect_llvm())
    undefined: list[str] = []
    # Code that handles errors refers to numba's helpers, which need not be there later. Kernels
    # raise nothing, so the names only have to be of something, and not to be in numba's way.
    for item in (*module.functions, *module.global_variables):
        if item.is_declaration and not item.name.startswith("llvm."):
            item.name = f"{_UNUSED}{item.name}"
            undefined.append(item.name)
    body = b"\n".join(
        [
            _source_key(kernel.plain).encode(),
            compiled.native_name.encode(),
            " ".join(undefined).encode(),
            machine.emit_object(module),
        ]
    )
    data = b"\n".join([_FORMAT, hashlib.sha256(body).hexdigest().encode(), body])
    for place in _places(kernel):
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            _replace(place, data)
        except OSError:
            continue
        return


def _replace(place: Path, data: bytes) -> None:
    """Write a file as a whole or not at all, so that no process ever reads half of it."""
    with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as file:
        written = Path(file.name)
        try:
            file.write(data)
            file.close()
            written.chmod(0o644)  # other users of one installation may read it
            written.replace(place)
        except OSError:
            written.unlink(missing_ok=True)
            raise
