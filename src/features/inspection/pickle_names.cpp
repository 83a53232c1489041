#include "features/inspection/pickle_names.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

#include "base/text.hpp"

namespace atelier::inspection {

namespace {

struct Allowed {
  std::string_view module, name;
  Callee callee;
};

// What torch.load(weights_only=True) lets through, apart from dtypes, storages and tensor types.
// "__builtin__" is how protocol 2 spells "builtins".
constexpr Allowed allowed[] = {
    {"collections", "OrderedDict", Callee::ordered_dict},
    {"collections", "Counter", Callee::ordered_dict},
    {"builtins", "set", Callee::set},
    {"__builtin__", "set", Callee::set},
    {"builtins", "bytearray", Callee::plain},
    {"__builtin__", "bytearray", Callee::plain},
    {"builtins", "complex", Callee::plain},
    {"__builtin__", "complex", Callee::plain},
    {"_codecs", "encode", Callee::encode},
    {"torch", "Size", Callee::size},
    {"torch", "Tensor", Callee::plain},
    {"torch", "device", Callee::plain},
    {"torch.nn.parameter", "Parameter", Callee::plain},
    {"torch.nn.parameter", "Buffer", Callee::plain},
    {"torch.serialization", "_get_layout", Callee::plain},
    {"torch._utils", "_rebuild_tensor", Callee::tensor},
    {"torch._utils", "_rebuild_tensor_v2", Callee::tensor_v2},
    {"torch._utils", "_rebuild_tensor_v3", Callee::tensor_v3},
    {"torch._utils", "_rebuild_qtensor", Callee::quantised},
    {"torch._utils", "_rebuild_parameter", Callee::parameter},
    {"torch._utils", "_rebuild_parameter_with_state", Callee::parameter},
    {"torch._utils", "_rebuild_meta_tensor_no_storage", Callee::tensor_meta},
    {"torch._utils", "_rebuild_sparse_tensor", Callee::plain},
    {"torch._utils", "_rebuild_nested_tensor", Callee::plain},
    {"torch._utils", "_rebuild_wrapper_subclass", Callee::plain},
    {"torch._utils", "_rebuild_device_tensor_from_numpy", Callee::plain},
    {"torch._utils", "_rebuild_device_tensor_from_cpu_tensor", Callee::plain},
    {"torch._tensor", "_rebuild_from_type_v2", Callee::from_type},
    {"torch", "per_tensor_affine", Callee::none},
    {"torch", "per_tensor_symmetric", Callee::none},
    {"torch", "per_channel_affine", Callee::none},
    {"torch", "per_channel_symmetric", Callee::none},
    {"torch", "per_channel_affine_float_qparams", Callee::none},
    {"torch", "strided", Callee::none},
};

struct Element {
  std::string_view name, dtype;
};

constexpr Element storages[] = {
    {"FloatStorage", "F32"},          {"DoubleStorage", "F64"},  {"HalfStorage", "F16"},
    {"BFloat16Storage", "BF16"},      {"LongStorage", "I64"},    {"IntStorage", "I32"},
    {"ShortStorage", "I16"},          {"CharStorage", "I8"},     {"ByteStorage", "U8"},
    {"BoolStorage", "BOOL"},          {"ComplexFloatStorage", "C64"},
    {"ComplexDoubleStorage", "C128"}, {"QInt8Storage", "I8"},    {"QUInt8Storage", "U8"},
    {"QInt32Storage", "I32"},         {"QUInt4x2Storage", "U8"}, {"QUInt2x4Storage", "U8"},
    {"UntypedStorage", "U8"},         {"TypedStorage", ""},
};

constexpr Element dtypes[] = {
    {"float32", "F32"},       {"float", "F32"},           {"float64", "F64"},
    {"double", "F64"},        {"float16", "F16"},         {"half", "F16"},
    {"bfloat16", "BF16"},     {"int64", "I64"},           {"long", "I64"},
    {"int32", "I32"},         {"int", "I32"},             {"int16", "I16"},
    {"short", "I16"},         {"int8", "I8"},             {"uint8", "U8"},
    {"uint16", "U16"},        {"uint32", "U32"},          {"uint64", "U64"},
    {"bool", "BOOL"},         {"complex64", "C64"},       {"cfloat", "C64"},
    {"complex128", "C128"},   {"cdouble", "C128"},        {"float8_e4m3fn", "F8_E4M3"},
    {"float8_e5m2", "F8_E5M2"}, {"float8_e8m0fnu", "F8_E8M0"},
    {"float8_e4m3fnuz", "F8_E4M3FNUZ"}, {"float8_e5m2fnuz", "F8_E5M2FNUZ"},
    {"qint8", "I8"},          {"quint8", "U8"},           {"qint32", "I32"},
};

constexpr std::string_view tensor_types[] = {
    "FloatTensor", "DoubleTensor", "HalfTensor", "BFloat16Tensor", "LongTensor", "IntTensor",
    "ShortTensor", "CharTensor",   "ByteTensor", "BoolTensor",
};

// Python's own modules and well-known launchers, apart from plain values such as datetime. Only
// the wording of the verdict hangs on this list: nothing becomes safe by being absent.
constexpr std::array<std::string_view, 308> dangerous = {
    "IPython", "Pyro4", "Pyro5", "StringIO", "__builtin__", "__builtins__", "_aix_support",
    "_ast", "_bootsubprocess", "_codecs", "_compat_pickle", "_ctypes", "_curses",
    "_frozen_importlib", "_frozen_importlib_external", "_functools", "_imp", "_interpreters",
    "_io", "_locale", "_lsprof", "_multiprocessing", "_operator", "_osx_support", "_pickle",
    "_posixshmem", "_posixsubprocess", "_pyio", "_pyrepl", "_queue", "_signal", "_sitebuiltins",
    "_socket", "_sqlite3", "_ssl", "_symtable", "_sysconfigdata", "_testcapi",
    "_testinternalcapi", "_thread", "_tkinter", "_weakref", "_winapi", "_xxsubinterpreters",
    "abc", "aifc", "aiohttp", "antigravity", "argparse", "array", "ast", "asynchat", "asyncio",
    "asyncore", "atexit", "audioop", "base64", "bdb", "binascii", "bisect", "builtins", "bz2",
    "cPickle", "cProfile", "cStringIO", "calendar", "celery", "cffi", "cgi", "cgitb", "chunk",
    "cloudpickle", "cmath", "cmd", "code", "codecs", "codeop", "collections", "colorsys",
    "commands", "compileall", "concurrent", "configparser", "contextlib", "contextvars", "copy",
    "copy_reg", "copyreg", "crypt", "csv", "ctypes", "curses", "cython", "dask", "dataclasses",
    "dbm", "decimal", "difflib", "dill", "dis", "distutils", "doctest", "email", "encodings",
    "ensurepip", "enum", "errno", "eventlet", "exceptions", "execnet", "fabric", "faulthandler",
    "fcntl", "filecmp", "fileinput", "fnmatch", "fractions", "ftplib", "functools", "gc",
    "genericpath", "getopt", "getpass", "gettext", "gevent", "glob", "graphlib", "grp", "gzip",
    "hashlib", "heapq", "hmac", "html", "http", "httplib", "httpx", "idlelib", "imaplib",
    "imghdr", "imp", "importlib", "inspect", "invoke", "io", "ipaddress", "ipykernel",
    "itertools", "joblib", "json", "jsonpickle", "jupyter_client", "keyword", "lib2to3",
    "linecache", "locale", "logging", "lzma", "mailbox", "mailcap", "marshal", "math",
    "mimetypes", "mmap", "modulefinder", "msilib", "msvcrt", "multiprocessing", "netrc", "nis",
    "nntplib", "nt", "ntpath", "nturl2path", "numbers", "opcode", "operator", "optparse", "os",
    "ossaudiodev", "paramiko", "pathlib", "pdb", "pexpect", "pickle", "pickletools", "pip",
    "pipes", "pkg_resources", "pkgutil", "platform", "plistlib", "popen2", "poplib", "posix",
    "posixpath", "pprint", "profile", "pstats", "psutil", "pty", "ptyprocess", "pwd",
    "py_compile", "pyclbr", "pycparser", "pydoc", "pydoc_data", "pyexpat", "pythoncom",
    "pyximport", "queue", "quopri", "random", "ray", "re", "readline", "reprlib", "requests",
    "resource", "rlcompleter", "rpyc", "runpy", "sched", "secrets", "select", "selectors",
    "setuptools", "sh", "shelve", "shlex", "shutil", "signal", "site", "smtpd", "smtplib",
    "sndhdr", "socket", "socketserver", "spwd", "sqlite3", "sre_compile", "sre_constants",
    "sre_parse", "ssl", "stat", "statistics", "string", "stringprep", "struct", "subprocess",
    "sunau", "symtable", "sys", "sysconfig", "syslog", "tabnanny", "tarfile", "telnetlib",
    "tempfile", "termios", "test", "textwrap", "this", "threading", "time", "timeit", "tkinter",
    "token", "tokenize", "tomllib", "tornado", "trace", "traceback", "tracemalloc", "tty",
    "turtle", "turtledemo", "twisted", "types", "typing", "unicodedata", "unittest", "urllib",
    "urllib2", "urllib3", "urlparse", "uu", "uuid", "venv", "warnings", "wave", "weakref",
    "webbrowser", "win32api", "win32com", "winreg", "winsound", "wsgiref", "xdrlib", "xml",
    "xmlrpc", "yaml", "zipapp", "zipfile", "zipimport", "zlib", "zmq", "zoneinfo",
};

// Values of the standard library that trainers do pickle: unknown rather than dangerous.
constexpr Allowed plain_values[] = {
    {"argparse", "Namespace", {}},      {"uuid", "UUID", {}},
    {"decimal", "Decimal", {}},         {"fractions", "Fraction", {}},
    {"pathlib", "PosixPath", {}},       {"pathlib", "PurePosixPath", {}},
    {"pathlib", "WindowsPath", {}},     {"pathlib", "PureWindowsPath", {}},
    {"collections", "defaultdict", {}}, {"collections", "deque", {}},
    {"copyreg", "_reconstructor", {}},  {"copy_reg", "_reconstructor", {}},
    {"types", "SimpleNamespace", {}},   {"array", "array", {}},
    {"builtins", "object", {}},         {"__builtin__", "object", {}},
    {"builtins", "dict", {}},           {"__builtin__", "dict", {}},
    {"builtins", "list", {}},           {"__builtin__", "list", {}},
    {"builtins", "slice", {}},          {"__builtin__", "slice", {}},
    {"builtins", "frozenset", {}},      {"__builtin__", "frozenset", {}},
};

constexpr Allowed dangerous_names[] = {
    {"torch", "load", {}},           {"torch.serialization", "load", {}},
    {"torch.hub", "*", {}},          {"torch.jit", "*", {}},
    {"torch.utils.cpp_extension", "*", {}}, {"torch.distributed", "*", {}},
    {"torch._dynamo", "*", {}},      {"torch._inductor", "*", {}},
    {"torch.fx", "*", {}},           {"torch.package", "*", {}},
    {"torch.utils", "*", {}},        {"torch._C", "*", {}},
    {"torch.testing", "*", {}},      {"torch.ao", "*", {}},
    {"numpy", "load", {}},           {"numpy.f2py", "*", {}},
    {"numpy.testing", "*", {}},      {"numpy.distutils", "*", {}},
    {"numpy.lib", "*", {}},
};

bool within(std::string_view module, std::string_view parent) {
  return module == parent ||
         (module.starts_with(parent) && module.substr(parent.size()).starts_with('.'));
}

const Element* element(std::span<const Element> list, std::string_view name) {
  for (const Element& one : list)
    if (one.name == name) return &one;
  return nullptr;
}

bool is_listed(std::string_view root) {
  return std::find(dangerous.begin(), dangerous.end(), root) != dangerous.end();
}

bool is_dangerous(std::string_view module, std::string_view name) {
  for (const Allowed& one : plain_values)
    if (one.module == module && one.name == name) return false;
  if (is_listed(module.substr(0, module.find('.')))) return true;
  for (const Allowed& one : dangerous_names)
    if (one.name == "*" ? within(module, one.module) : module == one.module && name == one.name)
      return true;
  // Through the attributes of a harmless module: "torch" + "serialization.os.system".
  if (name.find('.') == std::string_view::npos) return false;
  for (std::string_view part : split(name, '.'))
    if (is_listed(part) || part == "system" || part == "eval" || part == "exec" ||
        part.starts_with("__"))
      return true;
  return false;
}

}  // namespace

Judgement judge_import(std::string_view module, std::string_view name) {
  for (const Allowed& one : allowed)
    if (one.module == module && one.name == name) return {Verdict::safe, one.callee, {}};
  const bool torch = module == "torch" || module == "torch.cuda";
  if (torch || module == "torch.storage") {
    const Element* storage = element(storages, name);
    if (storage) return {Verdict::safe, Callee::none, storage->dtype};
  }
  if (module == "torch") {
    if (const Element* dtype = element(dtypes, name))
      return {Verdict::safe, Callee::none, dtype->dtype};
  }
  if (torch || module == "torch.sparse" || module == "torch.cuda.sparse") {
    if (std::find(std::begin(tensor_types), std::end(tensor_types), name) !=
        std::end(tensor_types))
      return {Verdict::safe, Callee::none, {}};
  }
  return {is_dangerous(module, name) ? Verdict::dangerous : Verdict::unknown_import, Callee::none,
          {}};
}

}  // namespace atelier::inspection
