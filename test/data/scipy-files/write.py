"""Writes the npz, mat, Matrix Market and PNG files of this folder with NumPy, SciPy and pypng, and expected.json.

The files are committed, so the tests need no Python. To write them again: python3 write.py in this folder (the
packages scipy and pypng), then npm run format, which lays out the JSON. Each entry of `expected.json` is one
source: its format, file and options, then row-major doubles, or `error`, a part of the message that it must give.
"""

import json

import numpy as np
import png
import scipy.io
import scipy.sparse

expected = []


def expect(format, path, array=None, error=None, divisor=1, **options):
    """The source must load as `array` / `divisor`, or fail with `error`."""
    entry = {"format": format, "path": path, **{"array" if key == "name" else key: value for key, value in options.items()}}
    if error is not None:
        entry["error"] = error
    else:
        if scipy.sparse.issparse(array):
            array = array.toarray()
        array = np.asarray(array)
        entry["shape"] = list(array.shape)
        entry["values"] = [number(value) for value in np.ascontiguousarray(array).reshape(-1)]
        if divisor != 1:
            entry["divisor"] = divisor
    expected.append(entry)


def number(value):
    """A whole number without its point, to keep the file short."""
    value = float(value)
    return int(value) if value == int(value) and str(value) != "-0.0" else value


random = np.random.default_rng(7)

# npz
X = random.normal(size=(3, 2))
y = np.array([1, -2, 3])
np.savez("several.npz", X=X, y=y, F=np.asfortranarray(X.T), big=y.astype(">i2"), names=np.array(["a", "b"]))
for name, array in [("X", X), ("y", y), ("F", X.T), ("big", y)]:
    expect("npz", "several.npz", array, name=name)
expect("npz", "several.npz", error='the file holds 5 arrays: "X", "y", "F", "big", "names"')
expect("npz", "several.npz", error='there is no array "x"', name="x")
expect("npz", "several.npz", error='in the array "names": the npy file holds text', name="names")
np.savez_compressed("packed.npz", X * 0 + 0.5)
expect("npz", "packed.npz", X * 0 + 0.5)
np.savez("empty.npz")
expect("npz", "empty.npz", error="the file holds no array")
np.savez("object.npz", np.array([{}], dtype=object))
expect("npz", "object.npz", error="pickle")
thin = scipy.sparse.coo_array(np.array([[0, 1.5, 0, 0], [0, 0, 0, 0], [-2, 0, 0, 3]]))
for kind in ["csr", "csc", "coo"]:
    scipy.sparse.save_npz(f"{kind}.npz", thin.asformat(kind), compressed=kind != "csc")
    expect("npz", f"{kind}.npz", thin)
scipy.sparse.save_npz("dia.npz", scipy.sparse.dia_array(np.eye(3)))
expect("npz", "dia.npz", error="in another format than csr, csc and coo")

# mat
sparse = np.array([[0, 1.5, 0, 0], [0, 0, 0, -2], [4, 0, 0, 0.25]])
variables = {
    "double": X,
    "small": np.array([[1.0, 2.0, 3.0]]),
    "single": X.astype("f4"),
    "flag": np.array([[True, False, True]]),
    "row": np.arange(5.0),
    "number": np.array([[2.5]]),
    "cube": np.arange(24, dtype="i2").reshape(2, 3, 4),
    "sparse": scipy.sparse.csc_array(sparse),
    "zeros": scipy.sparse.csc_array((3, 2)),
    "flags": scipy.sparse.csc_array(sparse != 0),
    **{kind: np.array([[0, 1], [2, np.iinfo(kind).max if kind != "int64" and kind != "uint64" else 2**53]], dtype=kind)
       for kind in ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"]},
}
refused = {
    "text": "abc",
    "cell": np.array([X, "a"], dtype=object),
    "struct": {"field": 1.0},
    "complex": np.array([[1 + 2j]]),
    "complex_sparse": scipy.sparse.csc_array(np.array([[0, 1j]])),
    "large": np.array([[2**53 + 1]], dtype="int64"),
    "hole": np.array([[1.0, np.nan], [3.0, 4.0]]),
}
words = {
    "text": 'the array "text" is text',
    "cell": "is a cell array",
    "struct": "is a struct",
    "complex": "is an array of complex numbers",
    "complex_sparse": "is an array of complex numbers",
    "large": 'in the array "large": the integer 9007199254740993',
    "hole": 'in the array "hole": the value at index [0, 1] (counted from 0; row 1 counted from 1) is NaN',
}
for path, packed in [("plain.mat", False), ("packed.mat", True)]:
    scipy.io.savemat(path, {**variables, **refused}, do_compression=packed, long_field_names=True)
    read = scipy.io.loadmat(path)
    for name in variables:
        expect("mat", path, read[name], name=name)
    for name, error in words.items():
        expect("mat", path, error=error, name=name)
scipy.io.savemat("one.mat", {"only": X, "title": "a text beside it"})
expect("mat", "one.mat", X)
scipy.io.savemat("version-4.mat", {"X": X}, format="4")
expect("mat", "version-4.mat", error="MATLAB version 4")
with open("version-7.3.mat", "wb") as file:
    file.write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(124) + b"\x00\x02IM" + bytes(384) + b"\x89HDF\r\n\x1a\n")
expect("mat", "version-7.3.mat", error="version 7.3 (HDF5)")

# Matrix Market
symmetric = sparse[:, :3] + sparse[:, :3].T
skew = sparse[:, :3] - sparse[:, :3].T
for path, array, options in [
    ("general.mtx", scipy.sparse.coo_array(sparse), {}),
    ("symmetric.mtx", scipy.sparse.coo_array(symmetric), {}),
    ("skew.mtx", scipy.sparse.coo_array(skew), {}),
    ("integer.mtx", scipy.sparse.coo_array(np.array([[0, 7], [-3, 0]])), {}),
    ("dense.mtx", X, {"comment": "written by SciPy"}),
    ("dense-symmetric.mtx", symmetric, {}),
    ("dense-skew.mtx", skew, {}),
    ("dense-integer.mtx", np.array([[1, 2, 3]]), {}),
]:
    scipy.io.mmwrite(path, array, precision=17, **options)
    expect("matrix_market", path, scipy.io.mmread(path))
scipy.io.mmwrite("pattern.mtx", scipy.sparse.coo_array(sparse), field="pattern")
expect("matrix_market", "pattern.mtx", scipy.io.mmread("pattern.mtx"))
scipy.io.mmwrite("complex.mtx", scipy.sparse.coo_array(sparse * 1j))
expect("matrix_market", "complex.mtx", error="the entries are complex numbers")
scipy.io.mmwrite("hole.mtx", scipy.sparse.coo_array(np.array([[0, np.nan]])))
expect("matrix_market", "hole.mtx", error="the value is NaN")

# PNG
width, height = 5, 6
for interlaced in [False, True]:
    for kind, planes, depths in [("grey", 1, [1, 2, 4, 8, 16]), ("grey-alpha", 2, [8, 16]), ("rgb", 3, [8, 16]),
                                 ("rgba", 4, [8, 16]), ("palette", 1, [1, 2, 4, 8])]:
        for depth in depths:
            path = f"{kind}-{depth}{'-interlaced' if interlaced else ''}.png"
            samples = random.integers(0, 2**depth, size=(height, width * planes))
            palette = random.integers(0, 256, size=(2**depth, 3)).tolist() if kind == "palette" else None
            writer = png.Writer(width, height, bitdepth=depth, interlace=interlaced,
                                **({"palette": [tuple(each) for each in palette]} if palette else
                                   {"greyscale": planes < 3, "alpha": planes % 2 == 0}))
            with open(path, "wb") as file:
                writer.write(file, samples.tolist())
            pixels = samples.reshape(height, width, planes)
            if palette:
                expect("image", path, np.array(palette)[samples], divisor=255)
            elif planes == 1:
                expect("image", path, samples, divisor=2**depth - 1)
            elif planes == 3:
                expect("image", path, pixels, divisor=2**depth - 1)
            else:
                colour = np.repeat(pixels[..., :1], 3, axis=2) if planes == 2 else pixels[..., :3]
                both = np.concatenate([colour, pixels[..., -1:]], axis=2)
                expect("image", path, both, divisor=2**depth - 1, channels="rgba")
                expect("image", path, error="is not opaque")

with open("expected.json", "w") as file:
    file.write("[\n" + ",\n".join(f"  {json.dumps(entry)}" for entry in expected) + "\n]\n")
