/** The inference worker as it is, and a channel on which its GPU device can be destroyed for real. */
import '../../src/infer/infer.worker.ts'

const channel = new BroadcastChannel('lose-device')
channel.onmessage = async () => {
  const { env } = await import('onnxruntime-web/webgpu')
  const device = await env.webgpu.device
  device.destroy()
  channel.postMessage(performance.timeOrigin + performance.now())
}
