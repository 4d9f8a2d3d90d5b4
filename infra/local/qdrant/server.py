"""Starts the development Qdrant.

    python3 server.py --host 127.0.0.1 --port 6333 --storage DIR [--api-key KEY]

`GET /readyz` answers 200 once it serves. SIGTERM and SIGINT flush everything and end with 0.
"""

import argparse
import sys
from pathlib import Path

REMEDY = "Install it with: python3 -m pip install --target FOLDER -r infra/local/qdrant/requirements.txt, and start with PYTHONPATH=FOLDER."
ENGINE_VERSION = "0.9.0"


def fail(message: str) -> None:
    print(f"development Qdrant: {message}", file=sys.stderr, flush=True)
    raise SystemExit(1)


def require_packages() -> None:
    """A missing or wrong package is named, with what to do."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        import httptools  # noqa: F401
        import orjson  # noqa: F401
        import qdrant_edge  # noqa: F401

        installed = version("qdrant-edge-py")
    except (ImportError, PackageNotFoundError) as error:
        fail(f"a package cannot be loaded: {error}. {REMEDY}")
    if installed != ENGINE_VERSION:
        fail(f"qdrant-edge-py {installed} is installed, {ENGINE_VERSION} is needed: others lose writes when killed. {REMEDY}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Development Qdrant over the engine wheel qdrant-edge-py")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=6333)
    parser.add_argument("--storage", type=Path, required=True, help="folder of all data; made when missing")
    parser.add_argument("--api-key", default=None, help="asked of every request but the probes")
    return parser.parse_args()


def main() -> None:
    if sys.version_info < (3, 10):
        fail(f"Python {sys.version.split()[0]} is too old: 3.10 or newer is needed.")
    options = arguments()
    require_packages()
    from qdrant_development.serve import run

    run(options.host, options.port, options.storage, options.api_key, fail)


if __name__ == "__main__":
    main()
