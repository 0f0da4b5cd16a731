# SPDX-License-Identifier: MIT
"""The bench's picture: a bar chart of steady-state guest IPC per program as one self-contained SVG."""

LEFT, TOP, WIDTH, PITCH, BAR = 90, 64, 480, 26, 10
COLOURS = {"rv32i": "#8fb3d9", "rv32im": "#2b5d91"}
LINES = (0.7, 0.9)  # what issue 3 asks for, and its aim


def _text(x, y, text, anchor="start", extra=""):
    return '<text x="%.1f" y="%.1f" text-anchor="%s"%s>%s</text>' % (x, y, anchor, extra, text)


def _axis(scale, bottom, top_value):
    parts = []
    for tenth in range(0, int(round(top_value * 10)) + 1, 2):
        x = LEFT + tenth / 10 * scale
        parts.append('<line x1="%.1f" y1="%d" x2="%.1f" y2="%d" stroke="#ddd"/>' % (x, TOP - 6, x, bottom))
        parts.append(_text(x, bottom + 14, "%.1f" % (tenth / 10), "middle"))
    for value in LINES:
        x = LEFT + value * scale
        parts.append('<line x1="%.1f" y1="%d" x2="%.1f" y2="%d" stroke="#b44" stroke-dasharray="4 3"/>' % (
            x, TOP - 6, x, bottom))
    return parts


def bars(ipc, mean):
    """SVG of {(arch, name): IPC or None}; programs without a figure are left out."""
    names = sorted({name for (_, name), value in ipc.items() if value})
    top_value = max([v for v in ipc.values() if v] + [1.0]) + 0.1
    scale = WIDTH / top_value
    bottom = TOP + PITCH * len(names)
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="11">' % (
        LEFT + WIDTH + 50, bottom + 30), '<rect width="100%" height="100%" fill="white"/>',
        _text(LEFT, 20, "Steady-state guest instructions per cycle, gear 1", extra=' font-size="14"'),
        _text(LEFT, 38, "geomean %.3f; dashed: %.1f asked for, %.1f the aim" % ((mean,) + LINES))]
    for i, (arch, colour) in enumerate(COLOURS.items()):
        parts.append('<rect x="%d" y="%d" width="10" height="10" fill="%s"/>' % (LEFT + 330 + 70 * i, 29, colour))
        parts.append(_text(LEFT + 344 + 70 * i, 38, arch))
    parts += _axis(scale, bottom, top_value)
    for row, name in enumerate(names):
        y = TOP + PITCH * row
        parts.append(_text(LEFT - 6, y + 14, name, "end"))
        for i, (arch, colour) in enumerate(COLOURS.items()):
            value = ipc.get((arch, name))
            if value:
                parts.append('<rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/>' % (
                    LEFT, y + BAR * i, value * scale, BAR, colour))
                parts.append(_text(LEFT + value * scale + 3, y + BAR * i + 9, "%.2f" % value, extra=' font-size="9"'))
    return "\n".join(parts + ["</svg>"]) + "\n"
