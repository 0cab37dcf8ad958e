#!/usr/bin/env bash
# Python's hmac.new shows a default for its digest, and refuses it.
#
# Expected: `inspect.signature(hmac.new)` names a default for each argument but the key, so `hmac.new(key, message)`
# works, as in the programs of many lecture notes; Python 3.4 to 3.7 took MD5 for it.
# Seen (Python 3.11): the call fails with a TypeError about a missing argument, although the signature shows
# `digestmod=''`. The default stayed, for callers that name the arguments, when its use became an error in Python 3.8
# (documentation of hmac, "Changed in version 3.8"). So neither a look at the signature nor a checker of types finds
# the calls that no longer work.
#
# Needs python3 (3.8 or newer). Exits with 1 if Python does something else.
set -euo pipefail

python3 --version
python3 - <<'PYTHON'
import hmac, inspect, sys

default = inspect.signature(hmac.new).parameters["digestmod"].default
try:
    came = hmac.new(b"key", b"message").hexdigest()
except TypeError as error:
    came = f"TypeError: {error}"
named = hmac.new(b"key", b"message", "md5").hexdigest()
print(f"the default: {default!r}\nwithout a digest: {came}\nwith its name: {named}")
sys.exit(0 if default == "" and came.startswith("TypeError") else 1)
PYTHON
