#!/bin/sh
# Pictures and network of the shipped detector, on two cores. Begins from the shipped file; BEGIN= begins from nothing.
# RESUME goes on from a checkpoint with the pictures that are there.
set -e
cd "$(dirname "$0")/../.."
data=models/training/.data
python=${PYTHON:-python3}
begin=${BEGIN-models/detector/detector.onnx}
if [ -z "$RESUME" ]; then
  npx tsx models/training/detector-data.ts --out $data --name a --from 100000 --count "${PICTURES:-18000}" --fires 1.7 &
  npx tsx models/training/detector-data.ts --out $data --name b --from 300000 --count "${PICTURES:-18000}" --fires 1.7
  wait
fi
# What it still misses or makes up in these pictures is looked at more often.
if [ -n "$RESUME$begin" ]; then
  $python models/training/detector_hard.py --data $data ${RESUME:+--checkpoint "$RESUME"} ${begin:+--begin-from "$begin"}
fi
$python models/training/detector_train.py --minutes "${MINUTES:-38}" --batch "${BATCH:-32}" --rate "${RATE:-0.002}" \
  --last "${LAST:-0.02}" --rest "${REST:-1}" --seed "${SEED:-1}" ${begin:+--begin-from "$begin"} ${RESUME:+--resume "$RESUME"} \
  --checkpoint "$data/detector-${SEED:-1}.pt" --out models/detector --version "${VERSION:-1.4.0}"
