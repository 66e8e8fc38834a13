#!/bin/sh
# Trains models/environment anew: data by the simulator, then a few minutes of one CPU core. Needs python3 with torch, onnx and numpy.
set -eu
cd "$(dirname "$0")/../.."
npx tsx models/training/environment-data.ts
${PYTHON:-python3} models/training/environment.py
