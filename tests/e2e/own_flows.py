"""Another reader of .ode files, for tests: x'=..., par, number, z=..., f(u)=..., init, x(0)=, as the examples use them.

    own_flows.py scipy FILE T     integrates with DOP853 to t = T and prints the state
    own_flows.py octave FILE T    prints an Octave program that does so with ode45
"""
import math
import re
import sys

FUNCTIONS = {
    "abs": abs, "acos": math.acos, "asin": math.asin, "atan": math.atan, "cos": math.cos, "cosh": math.cosh,
    "erf": math.erf, "exp": math.exp, "ln": math.log, "log": math.log, "log10": math.log10, "max": max, "min": min,
    "sin": math.sin, "sinh": math.sinh, "sqrt": math.sqrt, "tan": math.tan, "tanh": math.tanh, "pi": math.pi,
}


def read(path):
    """Numbers, definitions in their order, right-hand sides and the start."""
    text = re.sub(r"\\\n", "", open(path).read())
    numbers, definitions, right, start = {}, [], {}, {}
    for line in text.lower().splitlines():
        line = line.strip()
        if line in ("done", "d"):
            break
        if not line or line[0] in '#"@':
            continue
        word = re.match(r"(par\w*|p|number|init|i|aux)\s", line)
        if word and word[1] == "aux":
            continue
        if word:
            pairs = re.findall(r"(\w+)\s*=\s*([-+.\de]+)", line[word.end():])
            (start if word[1] in ("init", "i") else numbers).update((k, float(v)) for k, v in pairs)
            continue
        head, formula = line.split("=", 1)
        head = head.strip()
        name = re.match(r"(?:d(\w+)/dt|(\w+)')$", head)
        value = re.match(r"(\w+)\(0\)$", head)
        if name:
            right[name[1] or name[2]] = formula
        elif value:
            start[value[1]] = float(formula)
        else:
            definitions.append((head, formula))
    return numbers, definitions, right, [start.get(name, 0.0) for name in right]


def field(path):
    numbers, definitions, right, start = read(path)
    names = list(right)
    functions = [(h, f.replace("^", "**")) for h, f in definitions if "(" in h]
    fixed = [(h, compile(f.replace("^", "**"), h, "eval")) for h, f in definitions if "(" not in h]
    sides = [compile(f.strip().replace("^", "**"), n, "eval") for n, f in right.items()]
    scope = dict(FUNCTIONS, **numbers)

    def f(_t, x):
        scope.update(zip(names, x))
        for head, formula in fixed:
            scope[head] = eval(formula, scope)
        return [eval(side, scope) for side in sides]

    for head, formula in functions:
        name, arguments = head[:-1].split("(")
        exec(f"def {name}({arguments}): return {formula}", scope)
    return f, start


def scipy(path, time):
    from scipy.integrate import solve_ivp
    f, start = field(path)
    run = solve_ivp(f, (0, time), start, method="DOP853", rtol=1e-12, atol=1e-13)
    print(" ".join(repr(float(v)) for v in run.y[:, -1]))


def octave(path, time):
    numbers, definitions, right, start = read(path)
    print("1;\nfunction dx = f(t, x)")
    for name, value in numbers.items():
        print(f"  {name} = {value!r};")
    for k, name in enumerate(right):
        print(f"  {name} = x({k + 1});")
    for head, formula in definitions:
        if "(" in head:
            name, arguments = head[:-1].split("(")
            print(f"  {name} = @({arguments}) {formula};")
        else:
            print(f"  {head} = {formula};")
    print("  dx = [" + "; ".join(right.values()) + "];\nend")
    print("o = odeset('RelTol', 1e-12, 'AbsTol', 1e-13);")
    print(f"[t, x] = ode45(@f, [0, {time!r}], {start!r}, o);\nprintf('%.17g ', x(end, :));")


if __name__ == "__main__":
    {"scipy": scipy, "octave": octave}[sys.argv[1]](sys.argv[2], float(sys.argv[3]))
