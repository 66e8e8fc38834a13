import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holdsSecret, parseCameraAddress, shownCameraAddress } from './camera-address.ts'

const value = (text: string) => {
  const parsed = parseCameraAddress(text)
  return parsed.ok ? parsed.value : parsed.error
}

describe('camera addresses', () => {
  it('name a kind and what the kind needs', () => {
    expect(value('virtual:')).toEqual({ kind: 'virtual' })
    expect(value('mqtt:')).toEqual({ kind: 'mqtt', topic: undefined })
    expect(value('mqtt:frigate/dock/person/snapshot')).toEqual({ kind: 'mqtt', topic: 'frigate/dock/person/snapshot' })
    expect(value(' MJPEG:https://cam.example/video?id=3 ')).toEqual({
      kind: 'mjpeg',
      url: 'https://cam.example/video?id=3',
    })
    expect(value('webcam:')).toEqual({ kind: 'webcam' })
    expect(value('file:')).toEqual({ kind: 'file' })
  })

  it('are taken by their ending when they are bare', () => {
    expect(value('https://cam.example/live/index.m3u8?x=1')).toMatchObject({ kind: 'hls' })
    expect(value('http://cam.example/a.JPG')).toMatchObject({ kind: 'snapshot' })
    expect(value('http://cam.example/a.mp4')).toMatchObject({ kind: 'mp4' })
    expect(value('http://cam.example/dock/whep')).toMatchObject({ kind: 'whep' })
    expect(value('http://cam.example/')).toBe('unclear')
  })

  it('are refused by name when no browser could follow them', () => {
    expect(value('')).toBe('empty')
    expect(value(`mjpeg:http://a/${'x'.repeat(600)}`)).toBe('tooLong')
    expect(value('rtsp://cam.example/1')).toBe('rtsp')
    expect(value('mjpeg:rtsp://cam.example/1')).toBe('rtsp')
    expect(value('hls:rtsps://cam.example/1')).toBe('rtsp')
    expect(value('javascript:alert(1)')).toBe('unknownKind')
    expect(value('mjpeg:javascript:alert(1)')).toBe('notHttp')
    expect(value('snapshot:file:///etc/passwd')).toBe('notHttp')
    expect(value('hls:somewhere')).toBe('badUrl')
    expect(value('nonsense')).toBe('unknownKind')
  })

  it('allow only topic names, and none of the contract’s own', () => {
    for (const topic of [
      'a/#',
      'a/+/b',
      '$SYS/broker',
      'a\u0000b',
      'parkloop/v1/campus/site',
      'x'.repeat(201),
      'a\ud800b',
    ])
      expect(value(`mqtt:${topic}`), topic).toBe('badTopic')
  })

  it('give their credentials to the header and to nobody else', () => {
    const text = 'mjpeg:http://gu%C3%A4rd:p%40ss@cam.example:8080/stream?token=abc#frag'
    expect(value(text)).toEqual({
      kind: 'mjpeg',
      url: 'http://cam.example:8080/stream?token=abc',
      authorization: `Basic ${Buffer.from('guärd:p@ss').toString('base64')}`,
    })
    expect(shownCameraAddress(text)).toBe('mjpeg:http://cam.example:8080/stream?…')
    expect(holdsSecret(text)).toBe(true)
    expect(holdsSecret('mjpeg:http://cam.example/stream')).toBe(false)
    expect(value('mp4:http://a:b@cam.example/x.mp4')).toBe('noCredentials')
  })

  it('do not take a broker’s address for a topic, nor show the password in it', () => {
    for (const text of ['mqtt://guard:secret@broker.example/dock', 'MQTT://broker.example:1883/dock']) {
      expect(value(text)).toBe('badTopic')
      expect(shownCameraAddress(text)).toBe('')
    }
    expect(value('mqtt: dock/snapshot')).toEqual({ kind: 'mqtt', topic: 'dock/snapshot' })
  })

  it('hide what a proxy is told of the camera behind it', () => {
    const text = 'mjpeg:https://proxy.example/http://guard:secret@10.0.0.7/video'
    expect(shownCameraAddress(text)).toBe('mjpeg:https://proxy.example/http://…@10.0.0.7/video')
    expect(holdsSecret(text)).toBe(true)
  })

  it('never throw and never show user, password or query, whatever is typed', () => {
    const word = fc.stringMatching(/^[a-z0-9]{8,12}$/)
    fc.assert(
      fc.property(word, word, word, fc.constantFrom('mjpeg', 'snapshot', 'hls', 'whep'), (user, pass, token, kind) => {
        const shown = shownCameraAddress(`${kind}:https://${user}:${pass}@host.example/path?t=${token}`)
        for (const secret of [user, pass, token]) expect(shown).not.toContain(secret)
      }),
    )
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseCameraAddress(text)
        shownCameraAddress(text)
      }),
    )
  })
})
