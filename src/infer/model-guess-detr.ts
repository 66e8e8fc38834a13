/** DETR and its kin, and all others that give boxes in one output and scores in another, whatever their names. */
import type { GuessedInput } from './model-guess.ts'
import { type Found, type FoundOutput, isRowPerCell, type Named } from './model-guess-shapes.ts'

export function detr(named: readonly Named[], input: GuessedInput, classes: readonly string[] | undefined): Found {
  const dets = withScores(named, classes)
  if (dets) return dets
  const ofTensorFlow = named.find(({ name }) => /^detection_boxes\b/.test(name))
  const fours = named.filter(({ dims, name }) => dims.length === 2 && dims[1] === 4 && !/mask/i.test(name))
  // Three classes and “nothing” are four columns too.
  const boxes = ofTensorFlow ?? fours.find(({ name }) => /box/i.test(name)) ?? fours[0]
  if (!boxes) return undefined
  const rows = boxes.dims[0] as number
  const others = named.filter((output) => output !== boxes)
  const lists = others.filter((output) => isList(output, rows))
  const isScore = ({ name }: Named) => /score|conf/i.test(name)
  const labels =
    lists.find(({ name }) => /label|class/i.test(name)) ?? lists.find((one) => one.isWhole && !isScore(one))
  // Exporters that were told no names number their outputs.
  const scores = lists.find(isScore) ?? lists.find((one) => one !== labels && !one.isWhole)
  if (labels && scores && ofTensorFlow) return tensorFlow(boxes.name, scores.name, labels.name, classes?.length)
  if (labels && scores) return labelled(boxes, scores, labels, input, classes)
  const table = others.find(({ dims }) => dims.length === 2 && dims[0] === rows)
  return table && input.sizes === undefined ? tabled(boxes, table, input, classes?.length) : undefined
}

const isList = ({ dims, tensor }: Named, rows: number) =>
  tensor.data.length === rows && dims.every((dim) => dim === 1 || dim === rows)

/** As mmdeploy exports: corners and a score in one output, labels from 0 on in another. */
function withScores(named: readonly Named[], classes: readonly string[] | undefined): Found {
  const [boxes, ...more] = named.filter(({ dims }) => dims.length === 2 && dims[1] === 5)
  const rows = boxes?.dims[0] ?? 0
  const isLabels = ({ name, isWhole }: Named) => isWhole || /label|class/i.test(name)
  const labels = named.find((output) => output !== boxes && isList(output, rows) && isLabels(output))
  if (!boxes || !labels || more.length > 0) return undefined
  if (named.some(({ dims }) => dims.length === 2 && dims[0] === rows && dims[1] === 4)) return undefined
  const highest = labels.tensor.data.reduce((most, label) => Math.max(most, label), 0)
  return {
    layout: 'detr',
    style: 'rtmdet',
    output: { layout: 'detr', boxes: boxes.name, labels: labels.name },
    classCount: classes && highest < classes.length ? classes.length : highest >= 80 ? 91 : 80,
    notes: ['a label for each box, its score behind the box'],
  }
}

/** What was found, if anything, tells the boxes' unit and from where labels are counted; neither is certain. */
function labelled(
  boxes: Named,
  scores: Named,
  labels: Named,
  { sizes }: GuessedInput,
  classes: readonly string[] | undefined,
): FoundOutput {
  const seen = labels.tensor.data.filter((_, i) => (scores.tensor.data[i] as number) > 0)
  const highest = seen.reduce((most, label) => Math.max(most, label), 0)
  const largest = boxRange(boxes)
  const boxUnit = sizes !== undefined || largest === 0 || largest > 2 ? 'input' : 'normalised'
  // Those that ask for sizes count from 0; of the others most keep 0 for the background, as torchvision does.
  const fromOne = sizes === undefined && !seen.includes(0)
  const labelOffset = fromOne && classes && !/background/i.test(classes[0] ?? '') ? 1 : 0
  const known = classes && highest - labelOffset < classes.length ? classes.length : undefined
  const spec = {
    layout: 'detr',
    boxes: boxes.name,
    scores: scores.name,
    labels: labels.name,
    // COCO's own numbers begin at 1 too: their names have a place 0.
    labelOffset: known === undefined ? 0 : labelOffset,
    boxFormat: 'xyxy',
    boxUnit,
    ...(sizes !== undefined && { sizes }),
  }
  const guessed = `boxes in ${boxUnit === 'input' ? 'input pixels' : 'shares'}, labels from ${fromOne ? 1 : 0} on`
  return {
    layout: 'detr',
    output: spec,
    classCount: known ?? (fromOne || highest >= 80 ? 91 : 80),
    notes: [
      'a label and a score for each box',
      `uncertain: ${guessed}${seen.length > 0 ? '' : ', as it found nothing to tell them by'}`,
    ],
  }
}

function tabled(boxes: Named, table: Named, input: GuessedInput, known: number | undefined): FoundOutput {
  const [rows = 0, columns = 0] = table.dims
  const logits = table.tensor.data.some((value) => value < 0 || value > 1)
  const nothing = nothingOf(table, logits, known)
  const softmax = logits && nothing !== 'none'
  const isSsd = nothing === 'first'
  const spec = {
    layout: 'detr',
    boxes: boxes.name,
    scores: table.name,
    boxFormat: areCorners(boxes) ? 'xyxy' : 'cxcywh',
    boxUnit: boxRange(boxes) > 2 ? 'input' : 'normalised',
    // Queries see to it that each thing is told once; a row per cell or anchor does not.
    ...((isSsd || rows > 1000 || isRowPerCell(rows, input)) && { nmsIou: 0.45 }),
    activation: softmax ? 'softmax' : logits ? 'sigmoid' : 'none',
    ...(nothing !== 'none' && { nothing }),
  }
  return {
    layout: 'detr',
    ...(isSsd && !logits && { style: 'ssd' }),
    output: spec,
    classCount: nothing === 'none' ? columns : columns - 1,
    notes: ['a score per class for each box', ...(nothing === 'none' ? [] : [`the ${nothing} for “nothing”`])],
  }
}

/** Columns of VOC's and COCO's classes and one more. */
const usualWithNothing = [21, 81, 91]

/** Which column stands for “nothing”: DETR's comes last, SSD's first. */
function nothingOf(table: Named, logits: boolean, known: number | undefined): 'first' | 'last' | 'none' {
  const columns = table.dims[1] as number
  // RF-DETR's spare column is no such thing.
  if (logits && /label/i.test(table.name)) return 'none'
  const isUsual = logits ? usualWithNothing.includes(columns) : isShared(table)
  const hasSpare = known === undefined ? isUsual : columns === known + 1
  if (hasSpare && outdoes(table, 0)) return 'first'
  // After DETR's own 91, or after the names given.
  if (logits) return columns === (known ?? 91) + 1 ? 'last' : 'none'
  return hasSpare && outdoes(table, columns - 1) ? 'last' : 'none'
}

/** Each row adds up to 1, as a softmax does. */
function isShared({ tensor: { data }, dims }: Named): boolean {
  const columns = dims[1] as number
  for (let at = 0; at < data.length; at += columns)
    if (Math.abs(data.subarray(at, at + columns).reduce((sum, share) => sum + share, 0) - 1) > 0.02) return false
  return true
}

/** Whether this column is the highest in nearly every row, as “nothing” is where there is nothing to see. */
function outdoes({ tensor: { data }, dims }: Named, column: number): boolean {
  const [rows = 0, columns = 0] = dims
  let won = 0
  for (let row = 0; row < rows; row++) {
    const scores = data.subarray(row * columns, (row + 1) * columns)
    if (scores.every((score, i) => i === column || score < (scores[column] as number))) won++
  }
  return columns > 1 && won > 0.9 * rows
}

/** Every box ends right of and below where it begins: widths and heights are not always beyond their centres. */
function areCorners({ tensor: { data } }: Named): boolean {
  for (let at = 0; at < data.length; at += 4)
    if (!((data[at + 2] as number) > (data[at] as number) && (data[at + 3] as number) > (data[at + 1] as number)))
      return false
  return data.length > 0
}

/** Of TensorFlow's Object Detection API: top before left, in shares of the picture; classes are counted from 1. */
function tensorFlow(boxes: string, scores: string, labels: string, known: number | undefined): FoundOutput {
  const spec = { layout: 'detr', boxes, scores, labels, boxFormat: 'yxyx', boxUnit: 'normalised' }
  return {
    layout: 'detr',
    // COCO's own numbers begin at 1 too: their names have a place 0.
    output: { ...spec, labelOffset: known === undefined ? 0 : 1 },
    classCount: known ?? 91,
    notes: ['a label and a score for each box, as TensorFlow orders them'],
  }
}

function boxRange({ tensor }: Named): number {
  return tensor.data.reduce((largest, value) => Math.max(largest, value), 0)
}
