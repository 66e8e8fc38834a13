/**
 * Operators that the runtime's WebGPU engine computes, by its published support table. What really runs is seen in the
 * dry run; this is said before it.
 */
const names =
  'Abs Acos Acosh Add ArgMax ArgMin Asin Asinh Atan Atanh AveragePool BatchNormalization Cast Ceil Clip Concat Constant Conv ConvTranspose Cos Cosh CumSum DepthToSpace DequantizeLinear Div Einsum Elu Equal Erf Exp Expand Flatten Floor Gather GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalMaxPool Greater GreaterOrEqual GridSample HardSigmoid HardSwish Identity If InstanceNormalization LayerNormalization LeakyRelu Less LessOrEqual Log MatMul MaxPool Mul Neg Not Pad Pow Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape Resize ScatterND Shape Sigmoid Sin Sinh Slice Softmax Split Sqrt Squeeze Sub Tan Tanh ThresholdedRelu Tile Transpose Unsqueeze Where'

const known = new Set(names.split(' '))

export function notOnWebGpu(operators: Readonly<Record<string, number>>): string[] {
  return Object.keys(operators).filter((name) => !known.has(name) && !name.startsWith('com.microsoft:'))
}

/** Domains that the runtime knows: ONNX's own (no prefix) and its maker's. */
export function foreignOperators(operators: Readonly<Record<string, number>>): string[] {
  return Object.keys(operators).filter((name) => name.includes(':') && !/^(com\.microsoft|ai\.onnx\.ml):/.test(name))
}
