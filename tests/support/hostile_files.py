"""Files made to harm, or to confuse: none does anything when it is only read.

Each function yields (file name, bytes, verdict, the reason's code that must be among them).
Where Python's pickle can write a payload it does; the rest is opcodes by hand.
"""
import builtins
import copyreg
import io
import json
import os
import pickle
import struct
import subprocess
import tarfile
import warnings
import zipfile

from . import model_writers as writers

COMMAND = "echo atelier-test"


class Calls:
    """Unpickles by calling `function(*arguments)`."""

    def __init__(self, function, *arguments, state=None):
        self.reduced = (function, arguments) if state is None else (function, arguments, state)

    def __reduce__(self):
        return self.reduced


class NewEx:
    def __reduce_ex__(self, protocol):
        return copyreg.__newobj_ex__, (subprocess.Popen, (["true"],), {"shell": True})


def text(value):
    return pickle.BINUNICODE + struct.pack("<I", len(value)) + value.encode()


def proto(number):
    return pickle.PROTO + bytes([number])


def reduced_pickles():
    for protocol in range(6):
        payload = pickle.dumps(Calls(os.system, COMMAND), protocol)
        yield f"os_system_protocol{protocol}.pkl", payload, "dangerous", "dangerous_import"
    calls = {"eval": Calls(builtins.eval, "1+1"), "exec": Calls(builtins.exec, "pass"),
             "getattr": Calls(builtins.getattr, "x", "upper"),
             "popen": Calls(subprocess.Popen, "true"),
             "nested_loads": Calls(pickle.loads, pickle.dumps(Calls(os.system, COMMAND)))}
    for name, call in calls.items():
        yield f"{name}.pkl", pickle.dumps(call), "dangerous", "dangerous_import"
    hidden = {"weights": [1, 2, 3], "extra": {"deep": [Calls(os.system, COMMAND)]}}
    yield "deep_inside.pkl", pickle.dumps(hidden), "dangerous", "dangerous_import"


def extension_pickle():
    copyreg.add_extension("os", "putenv", 0x7001)
    try:
        pickled = pickle._dumps(os.putenv, 2)
    finally:
        copyreg.remove_extension("os", "putenv", 0x7001)
    payload = pickled[:-1] + text("A") + text("b") + pickle.TUPLE2 + pickle.REDUCE + b"."
    # os.putenv pickles as posix.putenv, which is not registered: then write the code by hand.
    if pickle.EXT2 not in payload:
        payload = (proto(2) + pickle.EXT2 + struct.pack("<H", 0x7001) + text("A") + text("b") +
                   pickle.TUPLE2 + pickle.REDUCE + b".")
    yield "extension_code.pkl", payload, "dangerous", "extension_code"


def opcode_pickles():
    call = pickle.TUPLE1 + pickle.REDUCE
    memo = (proto(4) + text("os") + b"\x94" + b"0" + text("system") + b"\x94" + b"0" +
            pickle.BINGET + b"\0" + pickle.BINGET + b"\1" + pickle.STACK_GLOBAL)
    yield "memo_names.pkl", memo + text(COMMAND) + call + b".", "dangerous", "dangerous_import"
    yield ("escaped_name.pkl", b"S'\\x6fs'\nS'system'\n" + pickle.STACK_GLOBAL + text(COMMAND) +
           call + b".", "dangerous", "computed_name")
    yield "inst.pkl", b"(S'true'\nios\nsystem\n.", "dangerous", "dangerous_import"
    yield "obj.pkl", b"(cos\nsystem\nS'true'\no.", "dangerous", "dangerous_import"
    yield ("newobj.pkl", proto(2) + b"csubprocess\nPopen\n" + text("true") + pickle.TUPLE1 +
           pickle.NEWOBJ + b".", "dangerous", "dangerous_import")
    yield "newobj_ex.pkl", pickle.dumps(NewEx(), 4), "dangerous", "dangerous_import"
    ordered = proto(2) + b"ccollections\nOrderedDict\n"
    yield ("build_setstate.pkl", ordered + b")R}" + text("__setstate__") +
           b"ccollections\nCounter\nsb" + text("x") + b"b.", "dangerous", "special_attribute")
    yield ("build_class.pkl", ordered + b"}" + text("update") + b"cbuiltins\nset\nsb.",
           "dangerous", "patched_class")
    yield ("parameter_state.pkl", proto(2) +
           b"ctorch._utils\n_rebuild_parameter_with_state\n(NNN}" +
           text("__class__") + b"ccollections\nCounter\nstR.", "dangerous", "special_attribute")
    yield ("from_type.pkl", proto(2) + b"ctorch._tensor\n_rebuild_from_type_v2\n(cos\nsystem\n"
           b"ctorch\nTensor\n" + text(COMMAND) + b"\x85}tR.", "dangerous", "dangerous_import")
    yield ("from_type_itself.pkl", proto(2) + b"ctorch._tensor\n_rebuild_from_type_v2\nq\1(h\1"
           b"ctorch\nTensor\n)}tR.", "malformed", "bad_arguments")
    yield ("call_result.pkl", ordered + b")R)R.", "dangerous", "computed_call")
    yield ("popped_call.pkl", proto(2) + b"cos\nsystem\n" + text(COMMAND) + call + b"0N.",
           "dangerous", "dangerous_import")
    yield ("pop_mark_call.pkl", proto(2) + b"(cos\nsystem\n" + text(COMMAND) + call + b"1N.",
           "dangerous", "dangerous_import")
    yield ("breaks_after_call.pkl", proto(2) + b"cos\nsystem\n" + text(COMMAND) + call + b"\xff",
           "dangerous", "dangerous_import")
    yield ("cut_off_after_call.pkl", proto(2) + b"cos\nsystem\n" + text(COMMAND) + call,
           "dangerous", "truncated")
    yield ("through_attribute.pkl", proto(4) + text("torch") + text("serialization.os.system") +
           pickle.STACK_GLOBAL + text(COMMAND) + call + b".", "dangerous", "dangerous_import")
    for number, (module, name) in enumerate([
            ("posix", "system"), ("nt", "system"), ("runpy", "_run_code"), ("marshal", "loads"),
            ("functools", "partial"), ("codeop", "compile_command"), ("operator", "methodcaller"),
            ("multiprocessing.util", "spawnv_passfds"), ("importlib", "import_module"),
            ("torch.hub", "load"), ("torch", "load"), ("timeit", "timeit"), ("pip", "main"),
            ("idlelib.pyshell", "ModifiedInterpreter.runcode"), ("ensurepip", "_run_pip"),
            ("numpy.testing._private.utils", "runstring"), ("__builtin__", "eval")]):
        yield (f"gadget_{number}.pkl", proto(2) + f"c{module}\n{name}\n".encode() + text("x") +
               call + b".", "dangerous", "dangerous_import")


def broken_pickles():
    good = pickle.dumps({"a": [1, 2.5, None, True, b"x", (1, 2), {3}]}, 4)
    yield "trailing_pickle.pkl", good + pickle.dumps([1]), "malformed", "trailing_bytes"
    yield ("trailing_evil.pkl", good + pickle.dumps(Calls(os.system, COMMAND)), "dangerous",
           "trailing_bytes")
    yield "cut_off.pkl", good[:-3], "malformed", "truncated"
    yield "empty.pkl", b"", "malformed", "truncated"
    yield "unknown_opcode.pkl", proto(2) + b"\xfe.", "malformed", "unknown_opcode"
    yield "underflow.pkl", proto(2) + b"0.", "malformed", "stack_underflow"
    yield "no_memo.pkl", proto(2) + b"h\x09.", "malformed", "no_memo"
    yield "leftover.pkl", proto(2) + b"NN.", "malformed", "leftover"
    yield "protocol_9.pkl", proto(9) + b"N.", "malformed", "unknown_protocol"
    yield "second_protocol.pkl", proto(2) + proto(4) + b"N.", "malformed", "second_protocol"
    yield "persistent.pkl", b"Pname\n.", "malformed", "persistent_id"
    yield "long_text.pkl", proto(4) + b"\x8d" + struct.pack("<Q", 1 << 62) + b"x", "malformed", \
        "truncated"
    yield "negative_length.pkl", proto(2) + b"T\xff\xff\xff\xff.", "malformed", "truncated"
    yield ("unknown_class.pkl", proto(2) + b"cmy_trainer.state\nState\n)\x81.", "unknown_import",
           "unknown_import")


def misnamed_files():
    evil = pickle.dumps(Calls(os.system, COMMAND))
    zipped = writers.torch_zip([("archive/data.pkl", evil), ("archive/version", b"3\n")])
    for name in ("pickle.safetensors", "pickle.gguf", "pickle.txt", "pickle.png"):
        yield name, evil, "dangerous", "extension_mismatch"
    yield "protocol0.txt", pickle.dumps(Calls(os.system, COMMAND), 0), "dangerous", \
        "extension_mismatch"
    yield "zip.safetensors", zipped, "dangerous", "extension_mismatch"
    yield "safetensors.ckpt", writers.safetensors({"a": ("F16", [2])}), "malformed", \
        "extension_mismatch"
    yield "gguf.safetensors", writers.gguf({"a": ("F32", [8])}, {}), "malformed", \
        "extension_mismatch"
    yield "png.ckpt", b"\x89PNG\r\n\x1a\n" + bytes(64), "malformed", "persistent_id"


def plain_zip(entries, method=zipfile.ZIP_STORED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, data in entries:
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data, method)
    return bytearray(file.getvalue())


def zips(tensors):
    entries = writers.torch_entries(writers.state_dict(tensors))
    evil = [("archive/data.pkl", pickle.dumps(Calls(os.system, COMMAND), 2)),
            ("archive/version", b"3\n")]
    yield "evil_zip.ckpt", writers.torch_zip(evil), "dangerous", "dangerous_import"
    yield ("evil_compressed.pt", bytes(plain_zip(evil, zipfile.ZIP_DEFLATED)), "dangerous",
           "dangerous_import")
    wrong_crc = plain_zip(evil)
    for mark, at in ((b"PK\3\4", 14), (b"PK\1\2", 16)):
        wrong_crc[wrong_crc.find(mark) + at] ^= 0xFF
    yield "evil_bad_crc.pt", bytes(wrong_crc), "dangerous", "zip_crc"
    wrong_crc = plain_zip(entries)
    for mark, at in ((b"PK\3\4", 14), (b"PK\1\2", 16)):
        wrong_crc[wrong_crc.find(mark) + at] ^= 0xFF
    yield "bad_crc.pt", bytes(wrong_crc), "malformed", "zip_crc"
    renamed = plain_zip(entries)
    at = renamed.find(b"archive/data.pkl")
    renamed[at:at + 16] = b"archive/evil.pkl"
    yield "two_names.pt", bytes(renamed), "malformed", "zip_mismatch"
    locked = plain_zip(entries)
    locked[locked.find(b"PK\3\4") + 6] |= 1
    locked[locked.find(b"PK\1\2") + 8] |= 1
    yield "encrypted.pt", bytes(locked), "malformed", "zip_encrypted"
    half_locked = plain_zip(entries)
    half_locked[half_locked.find(b"PK\3\4") + 6] |= 1
    yield "encrypted_locally.pt", bytes(half_locked), "malformed", "zip_mismatch"
    yield ("duplicate.pt", bytes(plain_zip(entries + [entries[0]])), "malformed", "zip_duplicate")
    overlapping = plain_zip([("archive/data.pkl", b"x" * 40), ("archive/data.pkk", b"x" * 40)])
    second = overlapping.rfind(b"PK\1\2")
    overlapping[second + 42:second + 46] = struct.pack("<I", 0)
    yield "overlap.pt", bytes(overlapping), "malformed", "zip_mismatch"
    yield ("nested.pt", bytes(plain_zip(entries + [("archive/extra.pt", plain_zip(evil))])),
           "malformed", "nested_archive")
    yield ("second_pickle.pt", bytes(plain_zip(entries + [("archive/more.pkl", evil[0][1])])),
           "dangerous", "dangerous_import")
    yield ("hidden_pickle.pt", bytes(plain_zip(entries + [("archive/notes", evil[0][1])])),
           "dangerous", "dangerous_import")
    yield "prepended.pt", b"#!/bin/sh\n" + bytes(plain_zip(entries)), "malformed", "unknown_opcode"
    yield "appended.pt", bytes(plain_zip(entries)) + bytes(70_000), "malformed", "zip_end"
    yield ("traversal.zip", bytes(plain_zip([("../../etc/passwd", b"x")])), "malformed",
           "zip_name")
    yield ("bomb.pt", bytes(plain_zip([("archive/data.pkl", bytes(80_000_000))],
                                      zipfile.ZIP_DEFLATED)), "malformed", "zip_entry_too_large")
    yield ("missing_storage.pt", bytes(plain_zip([e for e in entries if "/data/0" not in e[0]])),
           "malformed", "missing_storage")
    yield ("no_root.ckpt", bytes(plain_zip([("a.txt", b"x")])), "malformed", "no_pickle")
    for name, tensor in {
            "beyond": writers.Tensor(writers.Storage("F32", "0", 4), (2, 3)),
            "offset": writers.Tensor(writers.Storage("F32", "0", 4), (2, 2), 1),
            "huge": writers.Tensor(writers.Storage("F32", "0", 4), (1 << 40, 1 << 40))}.items():
        yield (f"tensor_{name}.pt", writers.torch_zip(writers.torch_entries({"a": tensor})),
               "malformed", "bad_tensor")
        yield (f"tensor_{name}_old.pt", writers.torch_legacy({"a": tensor}), "malformed",
               "bad_tensor")
    scripted = entries + [("archive/code/__torch__.py", b"pass")]
    yield "torchscript.pt", bytes(plain_zip(scripted)), "unknown_import", "torchscript"


def wrapped_files():
    file = io.BytesIO()
    evil = pickle.dumps(Calls(os.system, COMMAND))
    with tarfile.open(fileobj=file, mode="w") as archive:
        info = tarfile.TarInfo("pickle")
        info.size = len(evil)
        archive.addfile(info, io.BytesIO(evil))
    yield "old_tar.pt", file.getvalue(), "malformed", "wrapped_archive"
    yield "seven.pt", b"7z\xbc\xaf\x27\x1c" + bytes(64), "malformed", "wrapped_archive"
    yield "gzip.ckpt", b"\x1f\x8b\x08" + bytes(64), "malformed", "wrapped_archive"


def broken_tensors():
    def header(value, size=0):
        return writers.raw_safetensors(value if isinstance(value, bytes)
                                       else json.dumps(value).encode(), size)

    def entry(shape, begin, end, dtype="U8"):
        return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}

    yield "huge_header.safetensors", struct.pack("<Q", 1 << 63) + b"{}", "malformed", \
        "header_too_large"
    yield "overlap.safetensors", header({"a": entry([4], 0, 4), "b": entry([4], 2, 6)}, 6), \
        "malformed", "overlap"
    yield "hole.safetensors", header({"a": entry([4], 2, 6)}, 6), "malformed", "hole"
    yield "beyond.safetensors", header({"a": entry([40], 0, 40)}, 6), "malformed", "bad_offsets"
    yield "overflow.safetensors", header({"a": entry([1 << 40, 1 << 40], 0, 0)}), "malformed", \
        "shape_overflow"
    yield "duplicate.safetensors", header(
        b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},'
        b'"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1), "malformed", "duplicate_key"
    yield "not_utf8.safetensors", header(b'{"\xff":{}}'), "malformed", "header_json"
    yield "deep.safetensors", header(b'{"a":' + b"[" * 100_000), "malformed", "bad_entry"
    yield "trailing.safetensors", header({"a": entry([4], 0, 4)}, 9), "malformed", "trailing_bytes"
    start = b"GGUF" + struct.pack("<I", 3)
    yield "many_tensors.gguf", start + struct.pack("<QQ", 1 << 60, 0), "malformed", \
        "too_many_tensors"
    yield "many_keys.gguf", start + struct.pack("<QQ", 0, 1 << 60), "malformed", \
        "too_much_metadata"
    yield "long_key.gguf", start + struct.pack("<QQQ", 0, 1, 1 << 62) + bytes(20), "malformed", \
        "truncated"
    yield "version_9.gguf", b"GGUF" + struct.pack("<IQQ", 9, 0, 0), "malformed", "gguf_version"


def hostile_files(tensors):
    makers = (reduced_pickles(), extension_pickle(), opcode_pickles(), broken_pickles(),
              misnamed_files(), zips(tensors), wrapped_files(), broken_tensors())
    for maker in makers:
        yield from maker


