#!/bin/sh
# Trains models/forecaster anew: data by the simulator, then a few minutes of one CPU core. Needs python3 with torch, onnx and numpy.
set -eu
cd "$(dirname "$0")/../.."
npx tsx models/training/forecaster-data.ts
${PYTHON:-python3} models/training/forecaster.py
