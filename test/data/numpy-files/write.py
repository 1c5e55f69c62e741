"""Writes the npy files of this folder with NumPy, and expected.json with what each must load as.

The files are committed, so the tests need no Python. To write them again: python3 write.py in this folder,
then npm run format, which lays out the JSON.
Values of `expected.json` are row-major doubles; `error` is a part of the message that the reader must give.
"""

import json

import numpy as np
from numpy.lib import format as npy

expected = {}


def save(name, array, version=(1, 0), error=None, allow_pickle=False):
    with open(name, "wb") as file:
        npy.write_array(file, array, version=version, allow_pickle=allow_pickle)
    if error is not None:
        expected[name] = {"error": error}
        return
    flat = [float(value) for value in np.ascontiguousarray(array).reshape(-1)]
    expected[name] = {"shape": list(array.shape), "values": flat}


small = np.arange(-6, 6).reshape(3, 4)
for kind in ["i1", "i2", "i4", "i8", "f4", "f8"]:
    for order in ["<", ">"]:
        save(f"{kind}-{'little' if order == '<' else 'big'}.npy", (small * 10).astype(order + kind))
for kind in ["u1", "u2", "u4", "u8"]:
    top = min(2 ** (8 * int(kind[1])) - 1, 2**53)
    for order in ["<", ">"]:
        save(f"{kind}-{'little' if order == '<' else 'big'}.npy", np.array([0, 1, 77, top], dtype=order + kind))
save("bool.npy", np.array([[True, False], [False, True]]))
save("fractions.npy", np.array([0.1, -1 / 3, 1e-310, 1.7976931348623157e308, -0.0]))
save("fortran-2.npy", np.asfortranarray(np.arange(6.0).reshape(2, 3)))
save("fortran-3.npy", np.asfortranarray(np.arange(24, dtype=">i2").reshape(2, 3, 4)))
save("tensor.npy", np.arange(24, dtype="f4").reshape(2, 3, 4))
save("scalar.npy", np.array(2.5))
save("version-2.npy", np.arange(3.0), version=(2, 0))
save("version-3.npy", np.arange(3.0), version=(3, 0))
save("int64-edge.npy", np.array([2**53, -(2**53), 2**53 - 1], dtype="<i8"))
save("int64-large.npy", np.array([[1, 2], [3, -(2**53) - 1]], dtype="<i8"), error="exceeds 2^53")
save("uint64-large.npy", np.array([2**64 - 1], dtype=">u8"), error="exceeds 2^53")
save("object.npy", np.array([{"a": 1}], dtype=object), error="pickle", allow_pickle=True)
save("complex.npy", np.array([1 + 2j]), error="complex numbers")
save("text.npy", np.array(["a", "b"]), error="text")
save("bytes.npy", np.array([b"a"]), error="text")
save("date.npy", np.array(["2026-01-01"], dtype="M8[D]"), error="dates")
save("half.npy", np.arange(3, dtype="f2"), error="another size than 4 or 8 bytes")
save("record.npy", np.zeros(2, dtype=[("a", "<f8"), ("b", "<i4", (2,))]), error="records with named fields")
save("not-a-number.npy", np.array([[1.0, 2.0], [np.nan, 4.0]]), error="index [1, 0]")
save("infinite-fortran.npy", np.asfortranarray([[1.0, np.inf, 2.0], [3.0, 4.0, 5.0]]), error="index [0, 1]")

with open("expected.json", "w") as file:
    lines = [f"  {json.dumps(name)}: {json.dumps(entry)}" for name, entry in expected.items()]
    file.write("{\n" + ",\n".join(lines) + "\n}\n")
