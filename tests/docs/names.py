#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the texts name exists: paths, functions and other identifiers, make targets, tests, options. Looked at is what stands in
back quotes or in a code block of README.md, the folders' READMEs and docs/ (without the
changelog and the decisions, which tell of the past). And each source is named in the README of its folder or of one above.

    names.py SELKIRK
"""
import fnmatch
import glob
import os
import re
import subprocess
import sys

PAST = ("docs/changelog.md", "docs/decisions/")
FOREIGN = {"arch/riscv/Kconfig", "gcc.c-torture/execute"}  # files of Linux and GCC
BUILD = os.environ.get("BUILD", "build")
EXTENSIONS = "c|h|cpp|S|sv|v|vlt|md|sh|py|def|txt|mk|ld|dts|svg|bug|lpf|ys|expect|json|inc"


def lines_of(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines()


class Tree:
    def __init__(self, selkirk):
        self.files = lines_of("git", "ls-files")
        self.names = {os.path.basename(f) for f in self.files}
        self.folders = {os.path.dirname(f) for f in self.files}
        while True:
            more = {os.path.dirname(f) for f in self.folders} - self.folders
            if not more:
                break
            self.folders |= more
        sources = [f for f in self.files if not f.endswith(".md") and os.path.isfile(f)]
        self.text = "\n".join(open(f, errors="replace").read() for f in sources)
        self.words = set(re.findall(r"\w+", self.text))
        makefiles = "\n".join(open(f).read() for f in sources if f == "Makefile" or f.endswith(".mk"))
        self.targets = set(re.findall(r"^([a-z][a-z0-9-]*):", makefiles, re.M))
        self.tests = {line.split("|")[0].strip() for line in lines_of("tests/run", "--list")} | {"fast", "long", "name"}
        self.options = {}
        for command in ("run", "dis", "lockstep"):
            self.options[command] = set(re.findall(r"--[a-z][a-z0-9-]*", "\n".join(lines_of(selkirk, command, "--help"))))

    def has_path(self, path, document):
        if "://" in path:
            return True
        path = path.rstrip("/").split("#")[0].split(":")[0]
        if path in FOREIGN or "NAME" in path or path.startswith(("build/", "$", "/", "~", "<")) or re.fullmatch(r"[A-Z./_-]+", path):
            return True  # made, somebody else's, or a place-holder
        choices = [path]
        braces = re.match(r"(.*)\{([^}]*)\}(.*)", path)
        if braces:
            choices = [braces[1] + part + braces[3] for part in braces[2].split(",")]
        here = os.path.dirname(document)
        return all(self.has_one(choice, here) for choice in choices)

    def has_one(self, path, here):
        for place in (path, os.path.normpath(os.path.join(here, path))):
            if place in self.folders or place in self.files or glob.glob(place):
                return True
        ends = [f for f in self.files if f.endswith("/" + path)] or [f for f in self.folders if f.endswith("/" + path)]
        made = glob.glob(os.path.join(BUILD, "gen", path)) or glob.glob(os.path.join(BUILD, path))
        return bool(ends) or bool(made) or bool(fnmatch.filter(self.names, path))


def is_path(word):
    return re.fullmatch(r"[\w.*?{},$~-]+(/[\w.*?{},-]+)+/?|[\w*-]+/|[\w*.-]+\.(%s)" % EXTENSIONS, word) is not None


def check_command(tree, line, wrong):
    """A line of a shell."""
    for match in re.finditer(r"\bmake((?: +[\w=./:'\"-]+)+)", line):
        for word in match[1].split():
            if word.startswith("T=") and word[2:] not in tree.tests:
                wrong("test '%s'" % word[2:])
            elif re.fullmatch(r"[a-z][a-z0-9-]*", word) and word not in tree.targets:
                wrong("make target '%s'" % word)
    for match in re.finditer(r"selkirk (run|dis|lockstep)\b([^`|;&]*)", line):
        for option in re.findall(r"--[a-z][a-z0-9-]*", match[2]):
            if option not in tree.options[match[1]]:
                wrong("option '%s' of selkirk %s" % (option, match[1]))


def check_quoted(tree, word, document, wrong):
    check_command(tree, word, wrong)
    for part in word.split():
        check_word(tree, part.strip("(),;:") if not part.endswith("()") else part, document, wrong)


def check_word(tree, word, document, wrong):
    if re.match(r"--[a-z]", word):
        option = re.match(r"--[a-z0-9-]*", word)[0]
        if option not in tree.text and not any(option in known for known in tree.options.values()):
            wrong("option '%s'" % option)
    elif is_path(word) and not (re.fullmatch(r"\w+(/\w+)+", word) and word.split("/")[0] not in tree.folders):
        if not tree.has_path(word, document):
            wrong("path '%s'" % word)
    else:
        for name in re.findall(r"[A-Za-z]\w*(?=\()|[A-Za-z]\w*_\w+", word):
            if "NAME" not in name and not name.endswith("_") and name not in tree.words:
                wrong("name '%s'" % name)


def check(tree, document):
    bad = []

    def wrong(what):
        bad.append("%s:%d: no %s" % (document, number, what))

    count, is_code = 0, False
    for number, line in enumerate(open(document), 1):
        if line.lstrip().startswith("```"):
            is_code = not is_code
            continue
        if is_code:
            check_command(tree, line, wrong)
            continue
        for word in re.findall(r"`([^`]+)`", line):
            count += 1
            check_quoted(tree, word, document, wrong)
        for target in re.findall(r"\]\(([^)\s]+)\)", line):
            count += 1
            if not target.startswith("#") and not tree.has_path(target, document):
                wrong("link target '%s'" % target)
    return count, bad


def unnamed(tree):
    """Sources that no README on the way up names: by the file's name, or by that of its header or its .c file."""
    bad = []
    for path in tree.files:
        if not re.fullmatch(r"(rtl|translator|firmware|sim)/.*\.(c|h|cpp|sv|S|def)", path) or not os.path.isfile(path):
            continue
        folder, stem = os.path.dirname(path), os.path.splitext(os.path.basename(path))[0]
        pages = []
        while folder:
            pages += [os.path.join(folder, "README.md")]
            folder = os.path.dirname(folder)
        text = "\n".join(open(page).read() for page in pages if page in tree.files)
        if not re.search(r"(?<![\w])%s(?!\w)" % re.escape(stem), text):
            bad.append("%s: no README names it" % path)
    return bad


def main():
    tree = Tree(sys.argv[1])
    documents = [f for f in tree.files if f.endswith(".md") and (os.path.basename(f) == "README.md" or f.startswith("docs/")) and not f.startswith(PAST)]
    total, bad = 0, []
    for document in documents:
        count, here = check(tree, document)
        total += count
        bad += here
    bad += unnamed(tree)
    print("\n".join(bad))
    print("docs: %d names in %d texts, %d of them do not exist" % (total, len(documents), len(bad)))
    return len(bad) > 0


sys.exit(main())
