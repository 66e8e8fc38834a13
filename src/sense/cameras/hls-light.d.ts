/** The build without subtitles, alternate audio and DRM; the same class, a third smaller. */
declare module 'hls.js/light' {
  export { default } from 'hls.js'
}
