"""Writers of the file formats: safetensors, GGUF, PyTorch zip and legacy. Standard library only.

Pickles are written by Python's own pickle module over stand-ins for torch's types.
"""
import collections
import io
import json
import pickle
import struct
import sys
import types
import zlib

BITS = {"F64": 64, "F32": 32, "F16": 16, "BF16": 16, "I64": 64, "I32": 32, "I8": 8, "U8": 8,
        "F8_E4M3": 8, "F8_E5M2": 8, "F4": 4, "BOOL": 8}


def elements(shape):
    count = 1
    for extent in shape:
        count *= extent
    return count


def safetensors_header(tensors, metadata=None):
    header, at = {}, 0
    if metadata:
        header["__metadata__"] = metadata
    for name, (dtype, shape) in tensors.items():
        size = elements(shape) * BITS[dtype] // 8
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [at, at + size]}
        at += size
    return header, at


def safetensors(tensors, metadata=None):
    header, size = safetensors_header(tensors, metadata)
    return raw_safetensors(json.dumps(header).encode(), size)


def raw_safetensors(header, size):
    header += b" " * (-len(header) % 8)
    return struct.pack("<Q", len(header)) + header + bytes(size)


# ggml type -> (number, elements per block, bytes per block)
GGML = {"F32": (0, 1, 4), "F16": (1, 1, 2), "Q4_0": (2, 32, 18), "Q8_0": (8, 32, 34),
        "Q4_K": (12, 256, 144), "BF16": (30, 1, 2)}


def gguf_text(text):
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def gguf_value(value):
    if isinstance(value, str):
        return struct.pack("<I", 8) + gguf_text(value)
    if isinstance(value, list):
        return struct.pack("<IIQ", 9, 5, len(value)) + struct.pack(f"<{len(value)}i", *value)
    return struct.pack("<II", 4, value)


def gguf(tensors, metadata, version=3, alignment=32):
    """tensors: name -> (ggml type, shape in PyTorch's order)."""
    head = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(metadata))
    for key, value in metadata.items():
        head += gguf_text(key) + gguf_value(value)
    at = 0
    for name, (kind, shape) in tensors.items():
        number, block, size = GGML[kind]
        head += gguf_text(name) + struct.pack("<I", len(shape))
        head += struct.pack(f"<{len(shape)}Q", *reversed(shape)) + struct.pack("<IQ", number, at)
        at += elements(shape) // block * size
        at += -at % alignment
    return head + bytes(-len(head) % alignment) + bytes(at)


def stand_in(module, name, make):
    """A function or class that pickle writes as `module.name`."""
    made = make(name)
    made.__module__, made.__qualname__, made.__name__ = module, name, name
    setattr(module_named(module), name, made)
    return made


def module_named(path):
    for end in [i for i, c in enumerate(path + ".") if c == "."]:
        part = path[:end]
        if part not in sys.modules:
            sys.modules[part] = types.ModuleType(part)
    return sys.modules[path]


def make_function(_):
    def function(*_arguments):
        raise RuntimeError("only for pickling")
    return function


def make_class(name):
    return type(name, (), {})


STORAGES = {dtype: stand_in("torch", name, make_class) for dtype, name in {
    "F32": "FloatStorage", "F16": "HalfStorage", "BF16": "BFloat16Storage",
    "F64": "DoubleStorage", "I64": "LongStorage", "U8": "ByteStorage"}.items()}
REBUILD = stand_in("torch._utils", "_rebuild_tensor_v2", make_function)
REBUILD_PARAMETER = stand_in("torch._utils", "_rebuild_parameter", make_function)
SIZE = stand_in("torch", "Size", make_class)


class Storage:
    def __init__(self, dtype, key, count):
        self.dtype, self.key, self.count = dtype, key, count


class Tensor:
    def __init__(self, storage, shape, offset=0):
        self.storage, self.shape, self.offset = storage, tuple(shape), offset

    def __reduce_ex__(self, protocol):
        strides, step = [], 1
        for extent in reversed(self.shape):
            strides.insert(0, step)
            step *= extent
        return REBUILD, (self.storage, self.offset, self.shape, tuple(strides), False,
                         collections.OrderedDict())


class Parameter:
    def __init__(self, tensor):
        self.tensor = tensor

    def __reduce_ex__(self, protocol):
        return REBUILD_PARAMETER, (self.tensor, True, collections.OrderedDict())


class TorchPickler(pickle._Pickler):
    """The Python pickler: it lets stand-ins pass whatever protocol they are written in."""

    def __init__(self, file, protocol, legacy):
        super().__init__(file, protocol)
        self.legacy, self.storages = legacy, {}

    def persistent_id(self, obj):
        if not isinstance(obj, Storage):
            return None
        self.storages[obj.key] = obj
        parts = ("storage", STORAGES[obj.dtype], obj.key, "cpu", obj.count)
        return parts + (None,) if self.legacy else parts


def torch_pickle(obj, protocol=2, legacy=False):
    file = io.BytesIO()
    pickler = TorchPickler(file, protocol, legacy)
    pickler.dump(obj)
    return file.getvalue(), pickler.storages


def state_dict(tensors):
    state = collections.OrderedDict()
    for number, (name, (dtype, shape)) in enumerate(tensors.items()):
        state[name] = Tensor(Storage(dtype, str(number), elements(shape)), shape)
    return state


def storage_bytes(storage):
    return bytes(storage.count * BITS[storage.dtype] // 8)


def torch_entries(obj, protocol=2, folder="archive"):
    data, storages = torch_pickle(obj, protocol)
    entries = [(f"{folder}/data.pkl", data), (f"{folder}/byteorder", b"little")]
    entries += [(f"{folder}/data/{key}", storage_bytes(one)) for key, one in storages.items()]
    return entries + [(f"{folder}/version", b"3\n")]


def torch_zip(entries):
    """As PyTorch's own writer does: stored, aligned to 64, sizes behind the data, zip64 end."""
    out, central = b"", b""
    for name, data in entries:
        raw, offset = name.encode(), len(out)
        padding = -(offset + 30 + len(raw) + 4) % 64
        extra = b"FB" + struct.pack("<H", padding) + b"Z" * padding
        out += struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 0, 0x0808, 0, 0, 0, 0, 0, 0, len(raw),
                           len(extra)) + raw + extra + data
        crc = zlib.crc32(data)
        out += struct.pack("<4sIQQ", b"PK\7\x08", crc, len(data), len(data))
        central += struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 0, 0, 0x0808, 0, 0, 0, crc,
                               len(data), len(data), len(raw), 0, 0, 0, 0, 0, offset) + raw
    start, end = len(out), len(out) + len(central)
    out += central + struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, len(entries),
                                 len(entries), len(central), start)
    out += struct.pack("<4sIQI", b"PK\6\7", 0, end, 1)
    return out + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, len(entries), len(entries),
                             len(central), start, 0)


def torch_legacy(obj, protocol=2):
    data, storages = torch_pickle(obj, protocol, legacy=True)
    system = {"protocol_version": 1001, "little_endian": True,
              "type_sizes": {"short": 2, "int": 4, "long": 4}}
    head = [pickle.dumps(part, protocol) for part in
            (0x1950a86a20f9469cfc6c, 1001, system)]
    keys = sorted(storages)
    out = b"".join(head) + data + pickle.dumps(keys, protocol)
    for key in keys:
        out += struct.pack("<Q", storages[key].count) + storage_bytes(storages[key])
    return out
