# SPDX-License-Identifier: MIT
"""What a mutant is: one line of C or SystemVerilog, changed in one place.

    Source(path).mutants(number)   the mutants of a line: {operator: [(what was done, the new line), ...]}

Operators: condition (inverted, or its boundary), constant (one more, one less), operand (replaced by another one of the line, swapped,
or what joins them replaced), statement (removed). There is no parser: comments and strings are blanked out, the rest is text, and
what does not compile is no mutant.
"""
import re

CONDITION_C = {"==": ["!="], "!=": ["=="], "<=": ["<", ">"], ">=": [">", "<"], "<": ["<=", ">="], ">": [">=", "<="], "&&": ["||"], "||": ["&&"]}
CONDITION_SV = {"==": ["!="], "!=": ["=="], "&&": ["||"], "||": ["&&"]}
JOIN_C = {"+": ["-"], "-": ["+"], "&": ["|"], "|": ["&"], "^": ["|"], "<<": [">>"], ">>": ["<<"], "*": ["+"], "+=": ["-="], "-=": ["+="],
          "|=": ["&="], "&=": ["|="]}
JOIN_SV = {"+": ["-"], "-": ["+"], "&": ["|"], "|": ["&"], "^": ["|"]}
TOKEN = re.compile(r"<<=|>>=|&&|\|\||[=!<>+\-|&^*]=|<<|>>|\+\+|--|->|[-+*/&|^<>=~!]")
NUMBER_C = re.compile(r"(?<![\w.'])(0x[0-9a-fA-F]+|\d+)(?=[uUlL]*\b)")
NUMBER_SV = re.compile(r"(?<![\w.'])(\d+)(?![\w'])|\b(\d+)'([bdh])([0-9a-fA-F_]+)")
WORD = re.compile(r"(?<![\w.'])(?:[A-Za-z_]\w*(?:(?:->|\.)[A-Za-z_]\w*)*)(?!\s*\(|\w)")
KEYWORDS = set("""if else for while do switch case default return break continue goto sizeof static const struct enum union void bool char
    int unsigned long short true false NULL inline volatile uint8_t uint16_t uint32_t uint64_t int32_t int64_t size_t uintptr_t begin end
    logic assign always_comb always_ff posedge negedge input output wire localparam parameter int function endfunction unique""".split())
NOT_SV = re.compile(r"\s*(`|\(\*|module|endmodule|input|output|inout|parameter|localparam|import|typedef|logic|wire|genvar|function|"
                    r"endfunction|end|else|begin|always|\)|$)")


def blank(text):
    """Comments, strings and characters as blanks, everything else where it was."""
    pattern = r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|' r"'(?:\\.|[^'\\\n])'"
    return re.sub(pattern, lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.S)


class Source:
    def __init__(self, path):
        self.is_sv = path.endswith(".sv")
        with open(path) as f:
            text = f.read()
        self.lines = text.split("\n")
        # a SystemVerilog number has the mark that is a character's in C
        self.blanked = (re.sub(r'//[^\n]*|"[^"\n]*"', lambda m: " " * len(m.group()), text) if self.is_sv else blank(text)).split("\n")

    def is_for_proof(self, number):
        """Between `ifdef and `endif: a property that is proved, no part of the machine."""
        marks = [line.split()[0] for line in self.blanked[:number] if re.match(r"\s*`(ifdef|endif)\b", line)]
        return self.is_sv and bool(marks) and marks[-1] == "`ifdef"

    def is_code(self, number):
        """Could the line (from 1) be mutated at all? For RTL; for C the coverage says so."""
        line = self.blanked[number - 1]
        if self.is_sv:
            return not NOT_SV.match(line) and re.search(r"[=?&|~]", line) is not None
        before = self.blanked[number - 2] if number > 1 else ""
        return not line.lstrip().startswith("#") and not before.endswith("\\")

    def mutants(self, number):
        if not self.is_code(number) or self.is_for_proof(number):
            return {}
        found = {"condition": [], "constant": [], "operand": [], "statement": []}
        line, code = self.lines[number - 1], self.blanked[number - 1]

        def put(operator, start, end, new):
            old = line[start:end]
            found[operator].append(("%s -> %s" % (old.strip() or "nothing", new.strip() or "nothing"), line[:start] + new + line[end:]))

        self.tokens(code, put)
        self.conditions(code, put)
        self.numbers(code, put)
        self.words(code, put)
        if self.is_statement(number):
            indent = len(line) - len(line.lstrip())
            put("statement", indent, len(code.rstrip()), ";" if not self.is_sv else "")
        return {operator: made for operator, made in found.items() if made}

    def tokens(self, code, put):
        assignment = re.match(r"\s*[\w.\[\]:+\- ]*?(<=|=)(?!=)", code) if self.is_sv else None
        conditions, joins = (CONDITION_SV, JOIN_SV) if self.is_sv else (CONDITION_C, JOIN_C)
        for m in TOKEN.finditer(code):
            if assignment and m.end() <= assignment.end():
                continue
            before, after = code[:m.start()].rstrip()[-1:], code[m.end():m.end() + 1]
            is_binary = before != "" and (before.isalnum() or before in "_)]}'") and (self.is_sv or after in " \n" or m.group().endswith("="))
            for new in conditions.get(m.group(), []) if is_binary else []:
                put("condition", m.start(), m.end(), new)
            for new in joins.get(m.group(), []) if is_binary else []:
                put("operand", m.start(), m.end(), new)
            if self.is_sv and m.group() in "~!" and not is_binary:
                put("condition", m.start(), m.end(), "")

    def conditions(self, code, put):
        """The whole of a condition inverted; the two sides of a choice swapped."""
        m = re.search(r"\b(?:if|while)\s*\(", code)
        if m:
            depth, at = 1, m.end()
            while at < len(code) and depth:
                depth += {"(": 1, ")": -1}.get(code[at], 0)
                at += 1
            if depth == 0:
                put("condition", m.end() - 1, at, "(!%s)" % code[m.end() - 1:at])
        m = re.search(r"\?\s*([\w'\[\]]+)\s*:\s*([\w'\[\]]+)\s*[;),]", code)
        if m:
            put("operand", m.start(1), m.end(2), "%s : %s" % (m.group(2), m.group(1)))

    def numbers(self, code, put):
        for m in (NUMBER_SV if self.is_sv else NUMBER_C).finditer(code):
            if self.is_sv and m.group(2):
                base, digits, bits = {"b": 2, "d": 10, "h": 16}[m.group(3)], m.group(4).replace("_", ""), int(m.group(2))
                for value in {(int(digits, base) + step) % (1 << bits) for step in (1, -1)}:
                    put("constant", m.start(), m.end(), "%d'%s%s" % (bits, m.group(3), format(value, {2: "b", 10: "d", 16: "x"}[base])))
                continue
            value = int(m.group(1), 0) if m.group(1)[0] != "0" or m.group(1)[1:2] in "xX" else int(m.group(1), 8)
            form = "%#x" if m.group(1).startswith("0x") else "%d"
            for new in (value + 1, value - 1):
                if new >= 0:
                    put("constant", m.start(1), m.end(1), form % new)

    def words(self, code, put):
        places = [m for m in WORD.finditer(code) if m.group() not in KEYWORDS]
        names = list(dict.fromkeys(m.group() for m in places))
        for m in places:
            for name in names:
                if name != m.group() and name.isupper() == m.group().isupper():
                    put("operand", m.start(), m.end(), name)

    def is_statement(self, number):
        """One whole statement that can be left out."""
        code, before = self.blanked[number - 1].strip(), ""
        for i in range(number - 2, -1, -1):
            before = self.blanked[i].strip()
            if before:
                break
        if self.is_sv:
            return re.match(r"[\w.\[\]:+\-, {}]+<?=[^=].*;$", code) is not None and not code.startswith("assign")
        if not re.match(r"[A-Za-z_*(][^;]*;$", code) or before[-1:] not in (";", "{", "}", ":", ")") and before != "else":
            return False
        return not re.match(r"(return|case|default|else|goto|struct|enum|static|const|typedef|extern)\b", code) and \
            not re.match(r"(?:[A-Za-z_]\w*\s+)+\**\w+\s*(?:=|;|\[|,)", code)
