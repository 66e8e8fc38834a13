#!/bin/sh
# Pictures and network of the shipped detector, on two cores. Run again to go on where it ended: set RESUME to a checkpoint.
set -e
cd "$(dirname "$0")/../.."
data=models/training/.data
python=${PYTHON:-python3}
if [ -z "$RESUME" ]; then
  npx tsx models/training/detector-data.ts --out $data --name a --from 100000 --count "${PICTURES:-8000}" &
  npx tsx models/training/detector-data.ts --out $data --name b --from 300000 --count "${PICTURES:-8000}"
  wait
fi
$python models/training/detector_train.py --minutes "${MINUTES:-38}" --batch 16 --rate "${RATE:-0.002}" \
  --seed "${SEED:-1}" ${RESUME:+--resume "$RESUME"} --checkpoint "$data/detector-${SEED:-1}.pt" --out models/detector
