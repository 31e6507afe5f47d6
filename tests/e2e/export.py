"""Referees of exported files, for tests; none of them reads what settle reads.

    export.py scipy T FILE ...    runs the solve_ivp of Python files, reads the XML of VFGEN's, integrates both to T
    export.py octave T FILE ...   prints an Octave program with the functions of Julia files, and ode45

A line for each file: its name and the state at T; of Python and Julia, last, the largest relative difference
of the Jacobian to central differences of the field.
"""
import math
import re
import runpy
import sys
import xml.etree.ElementTree

STEP = 1e-5  # of central differences: errors of 1e-10


def vf(path, time):
    from scipy.integrate import solve_ivp
    root = xml.etree.ElementTree.parse(path).getroot()
    assert root.tag == "VectorField" and re.fullmatch(r"[A-Za-z]\w*", root.attrib["Name"])
    scope = {name: getattr(math, name) for name in
             "acos asin atan cos cosh exp log sin sinh sqrt tan tanh".split()}
    scope.update(abs=abs, step=lambda u: (u > 0) + 0.5 * (u == 0), csgn=lambda u: (u > 0) - (u < 0))
    functions, compiled = set(scope), {}

    def value(formula):
        if formula not in compiled:
            named = re.sub(r"(?<![\w.])[A-Za-z_]\w*", lambda m: m[0] if m[0] in functions else "v_" + m[0], formula)
            compiled[formula] = compile(named.replace("^", "**"), path, "eval")
        return float(eval(compiled[formula], scope))

    for parameter in root.iter("Parameter"):
        scope["v_" + parameter.attrib["Name"]] = value(parameter.attrib["DefaultValue"])
    expressions = [(e.attrib["Name"], e.attrib["Formula"]) for e in root.iter("Expression")]
    states = [s.attrib for s in root.iter("StateVariable")]

    def field(_time, x):
        for state, number in zip(states, x):
            scope["v_" + state["Name"]] = float(number)
        for name, formula in expressions:
            scope["v_" + name] = value(formula)
        return [value(state["Formula"]) for state in states]

    start = [value(state["DefaultInitialCondition"]) for state in states]
    return solve_ivp(field, (0, time), start, method="DOP853", rtol=1e-12, atol=1e-13).y[:, -1]


def python(path, time):
    import numpy as np
    from scipy.integrate import solve_ivp
    file = runpy.run_path(path)
    field, jacobian, x0, parameters = (file[name] for name in ("field", "jacobian", "x0", "parameters"))
    J = jacobian(0.0, x0, *parameters)
    D = np.empty_like(J)
    for j in range(len(x0)):
        step = STEP * np.eye(len(x0))[j]
        D[:, j] = (field(0.0, x0 + step, *parameters) - field(0.0, x0 - step, *parameters)) / (2 * STEP)
    run = solve_ivp(field, (0, time), x0, method="DOP853", rtol=1e-12, atol=1e-13, args=parameters)
    return [*run.y[:, -1], np.abs(J - D).max() / (1 + np.abs(J).max())]


def scipy(time, *paths):
    for path in paths:
        values = (vf if path.endswith(".vf") else python)(path, float(time))
        print(path, *(repr(float(v)) for v in values), flush=True)


def julia(path, number, time):
    text = open(path).read()
    heads = {"field!": f"function change = field_{number}(change, state, parameter, time)",
             "jacobian!": f"function J = jacobian_{number}(J, state, parameter, time)"}
    for name, head in heads.items():
        body = re.search(r"^function " + re.escape(name) + r"\(.*?\)\n(.*?)^    return nothing\nend$", text,
                         re.M | re.S)[1]
        lines = [re.sub(r"\b(state|parameter|change|J)\[([\d, ]+)\]", r"\1(\2)", line) for line in body.splitlines()]
        print(head)
        print("\n".join(line + ";" for line in lines))
        print("end")
    start = re.search(r"^x0 = (\[.*\])$", text, re.M)[1]
    parameters = re.search(r"^parameters = Float64(\[.*?\])", text, re.M)[1]
    print(f"f = @field_{number}; g = @jacobian_{number};")
    print(f"x0 = {start}'; p = {parameters}; n = numel(x0); z = zeros(n, 1); h = {STEP!r}; I = eye(n);")
    print(f"[t, x] = ode45(@(t, x) f(z, x, p, t), [0, {time}], x0, o);")
    print("J = g(zeros(n, n), x0, p, 0); D = J;")
    print("for j = 1:n\n  D(:, j) = (f(z, x0 + h*I(:, j), p, 0) - f(z, x0 - h*I(:, j), p, 0))/(2*h);\nend")
    print(f"printf('{path} '); printf('%.17g ', x(end, :));")
    print("printf('%.3g\\n', max(max(abs(J - D)))/(1 + max(max(abs(J)))));")


def octave(time, *paths):
    print("1;\nfunction y = heav(u)\n  y = double(u >= 0);\nend")
    print("o = odeset('RelTol', 1e-12, 'AbsTol', 1e-13);")
    for number, path in enumerate(paths):
        julia(path, number, time)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
