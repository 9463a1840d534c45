"""`python -m bench NAME`: runs one bench and prints, as its last line, {"bench": NAME, "figures": {key: number}}."""

import importlib
import json
import pkgutil
import sys

import bench


def main(argv: list[str]) -> int:
    """Run the bench named in `argv`; returns the exit code."""
    found = pkgutil.iter_modules(bench.__path__)
    names = sorted(m.name for m in found if not m.ispkg and not m.name.startswith("_"))
    names = [name for name in names if name not in ("figures", "stage")]
    if len(argv) != 1 or argv[0] not in names:
        print(f"bench: name one of: {', '.join(names)}   (make bench B=NAME)", file=sys.stderr)
        return 2
    module = importlib.import_module(f"bench.{argv[0]}")
    figures: dict[str, float] = module.run()
    # A bench may know figures that must not be what they are: then it fails, as a test does.
    wrong = module.broken(figures) if hasattr(module, "broken") else []
    if wrong:
        print(f"bench: broken: {', '.join(wrong)}", file=sys.stderr)
    print(json.dumps({"bench": argv[0], "figures": figures}))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
