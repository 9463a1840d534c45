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
    figures: dict[str, float] = importlib.import_module(f"bench.{argv[0]}").run()
    print(json.dumps({"bench": argv[0], "figures": figures}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
