/** Runs inside the page. Every draw call asks for one triangle of one instance instead of all of them. */
const { prototype } = WebGL2RenderingContext
const { drawArrays, drawArraysInstanced, drawElements, drawElementsInstanced } = prototype
const oneTriangle = 3

/**
 * JavaScript's share of a frame is the same however much a draw call draws, but a software rasteriser takes the
 * processor for whole seconds over what costs the page half a millisecond. While draws are light, nothing else runs
 * beside the code that is timed, whichever scene it draws; the calls themselves are all made.
 */
export function setDrawsLight(light: boolean): void {
  if (!light) {
    Object.assign(prototype, { drawArrays, drawArraysInstanced, drawElements, drawElementsInstanced })
    return
  }
  prototype.drawArrays = function (mode, first, count) {
    drawArrays.call(this, mode, first, Math.min(oneTriangle, count))
  }
  prototype.drawArraysInstanced = function (mode, first, count, instances) {
    drawArraysInstanced.call(this, mode, first, Math.min(oneTriangle, count), Math.min(1, instances))
  }
  prototype.drawElements = function (mode, count, type, offset) {
    drawElements.call(this, mode, Math.min(oneTriangle, count), type, offset)
  }
  prototype.drawElementsInstanced = function (mode, count, type, offset, instances) {
    drawElementsInstanced.call(this, mode, Math.min(oneTriangle, count), type, offset, Math.min(1, instances))
  }
}
