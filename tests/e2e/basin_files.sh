#!/usr/bin/env bash
# settle basin --out: the HDF5 file as others read it, and the figures.
# shellcheck disable=SC1091,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
. "$(dirname "$0")/tap"

whole() { # FOLDER: the manifest lists and hashes what is there
    (cd "$1" && diff <(jq -r '.outputs | keys[]' manifest.json | sort) \
        <(find . -type f ! -name manifest.json -printf '%P\n' | sort) &&
        jq -r '.outputs | to_entries[] | .value + "  " + .key' manifest.json | sha256sum --check --quiet)
}
basin() { "$settle" basin chain --window=-2,2.5,-3,3 --grid 61x47 --class component --values time,limit --quiet "$@"; }

check "a map" gives 0 basin --out map
check "makes its files" whole map
for file in basin.h5 basin.rgb basin.gp basin.png basin.pdf basin.svg basin-time.png; do
    check "such as $file" test -s "map/$file"
done
check "a picture of bytes, one for each colour of a pixel" \
    test "$(stat -c %s map/basin.rgb)" -eq $((61 * 15 * 47 * 15 * 3))

# --- h5dump knows nothing of us -------------------------------------------------------------------
dumped() { h5dump "$@" map/basin.h5 > "$out" 2> "$err"; }
check "h5dump reads the file" dumped -H
check "which has a class for each cell, row by row" \
    bash -c 'h5dump -H -d /class map/basin.h5 | grep -q "SIMPLE { ( 47, 61 ) / ( 47, 61 ) }"'
check "and says what an ending is" bash -c 'h5dump -a /ending/names map/basin.h5 | grep -q "\"settled\", \"saddle\""'
cells() { # DATA SET: its numbers, one a line
    h5dump -d "$1" -y -w 0 -m %.17g map/basin.h5 |
        sed -n '/DATA {/,/}/p; /^   }$/q' | tr -d ' {}' | tr ',' '\n' | grep -E '^-?[0-9]'
}
column() { awk -F '\t' -v name="$1" 'NR == 1 { sub(/^#/, ""); for (i = 1; i <= NF; i++) if ($i == name) at = i; next }
    { print $at }' map/basin.tsv; }
same() { diff <(cells "$1" | awk '{ printf "%.15g\n", $1 }') <(column "$2" | awk '{ printf "%.15g\n", $1 }') > "$out"; }
check "its classes are those of the table" same /class class
check "its limits are those of the table" same /value/limit_a1 limit_a1
check "its times are those of the table" same /value/time time
check "its axes are those of the table" diff <(cells /x | awk '{ printf "%.15g\n", $1 }') \
    <(column a1 | awk '{ printf "%.15g\n", $1 } NR == 61 { exit }')
check "its classes have as many cells as it says" diff <(cells /class_cells) \
    <(cells /class | sort -n | uniq -c | awk '{ print $1 }')

# --- the same bytes ---------------------------------------------------------------------------------
sleep 1.1 # times in files count seconds
check "the same map again" gives 0 basin --out again --threads 1
check "is the same file" cmp map/basin.h5 again/basin.h5
check "and the same raster" cmp map/basin.rgb again/basin.rgb

# --- other readers, where they are ------------------------------------------------------------------
python=
for candidate in python3 /usr/bin/python3; do
    "$candidate" -c 'import h5py' 2> /dev/null && python=$candidate && break
done
if [ -n "$python" ]; then
    check "Python reads it" "$python" - map/basin.h5 << 'EOF'
import sys
import h5py, numpy
with h5py.File(sys.argv[1]) as f:
    names = [n.decode() for n in f["ending"].attrs["names"]]
    labels = [n.decode() for n in f["class_label"]]
    cls, x, y = f["class"][:], f["x"][:], f["y"][:]
    assert cls.shape == (47, 61) and x.shape == (61,) and y.shape == (47,)
    assert f["class"].dims[0][0] == f["y"] and f["class"].dims[1][0] == f["x"]
    assert all(names[k] == "settled" for k in f["ending"][:].ravel())
    limit = f["value/limit_a1"][:] * f["value/limit_a2"][:]
    assert abs(limit - 1).max() < 1e-8                    # e = 0: a1 a2 = 1
    negative = labels.index("a1 < 0, a2 < 0")
    assert ((f["value/limit_a1"][:] < 0) == (cls == negative)).all()
    # c1 a2 - c2 a1^2 / 2 is conserved: at the limit it is what it was at the start
    D = y[:, None] - x[None, :] ** 2 / 2
    assert abs(f["value/limit_a2"][:] - f["value/limit_a1"][:] ** 2 / 2 - D).max() < 1e-6
    assert f.attrs["rule"] == b"rbp" and f.attrs["rtol"] == 1e-10
EOF
else
    echo "ok - Python reads it # SKIP no h5py"
fi
if command -v octave-cli > /dev/null; then # complains on leaving, whatever it did
    check "Octave reads it" gives 0 octave-cli --no-gui --quiet --eval '
        f = load("map/basin.h5"); assert(strcmp(deblank(f.class_label(1, :)), "a1 < 0, a2 < 0"));
        a1 = f.value.limit_a1; a2 = f.value.limit_a2;
        assert(size(f.class), [61 47]); assert(class(f.class), "uint16");
        assert(max(abs(a1(:) .* a2(:) - 1)) < 1e-8);
        [X, Y] = ndgrid(f.x, f.y); assert(max(max(abs(a2 - a1 .^ 2 / 2 - (Y - X .^ 2 / 2)))) < 1e-6);'
else
    echo "ok - Octave reads it # SKIP no octave-cli"
fi

# --- boxes and random ensembles -----------------------------------------------------------------------
check "a box" gives 0 "$settle" basin chain --depth 3 --plane a1,a2,a3 --grid 9x8x7 --quiet --out box
check "has three dimensions" bash -c 'h5dump -H -d /class box/basin.h5 | grep -q "( 7, 8, 9 ) / "'
check "and a figure" test -s box/basin.png
check "a random ensemble" gives 0 "$settle" basin chain --random 100 --init random:1:2 --quiet --out random
check "has its starts" bash -c 'h5dump -H -d /start random/basin.h5 | grep -q "( 100, 2 ) / "'
check "and no figure" bash -c '[ ! -e random/basin.gp ]'
finish
