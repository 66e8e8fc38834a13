/** The topic space, root `parkloop/v1/{site}/…`. One place builds and one place reads topic names. */
export const topicRoot = 'parkloop/v1'

const idPattern = /^[a-z0-9][a-z0-9._-]{0,63}$/

/** Ids of sites, devices, points, cameras: lower-case words that are safe in a topic. */
export function isId(text: string): boolean {
  return idPattern.test(text)
}

export function siteTopics(site: string) {
  const root = `${topicRoot}/${site}`
  return {
    root,
    everything: `${root}/#`,
    site: `${root}/site`,
    /** Simulated sites only: the simulated clock, retained. A site without it lives in wall time. */
    clock: `${root}/clock`,
    /** Consoles say here every few seconds that they look at the site; whoever hosts a simulated one runs it while they do. */
    watch: `${root}/watch`,
    /** Simulated sites only: starts and stops stories. */
    scenario: `${root}/scenario`,
    /** Simulated sites only: ground truth for virtual cameras; never reaches the twin. */
    simWorld: `${root}/sim/world`,
    /** Simulated sites only: makes a device misbehave, for demonstrations and tests. */
    simFault: `${root}/sim/fault`,
    controller: `${root}/controller`,
    audit: `${root}/audit`,
    birth: (device: string) => `${root}/device/${device}/birth`,
    availability: (device: string) => `${root}/device/${device}/availability`,
    telemetry: (device: string) => `${root}/device/${device}/telemetry`,
    /** Retained load profile of a meter: its last days of fixed-interval values. */
    profile: (device: string) => `${root}/device/${device}/profile`,
    state: (device: string) => `${root}/device/${device}/state`,
    command: (device: string) => `${root}/device/${device}/command`,
    ack: (device: string) => `${root}/device/${device}/ack`,
    cameraFrame: (camera: string) => `${root}/camera/${camera}/frame`,
    observation: (source: string) => `${root}/observation/${source}`,
    alarm: (id: string) => `${root}/alarm/${id}`,
    plan: (id: string) => `${root}/plan/${id}`,
  }
}

export type SiteTopics = ReturnType<typeof siteTopics>

const deviceChannels = ['birth', 'availability', 'telemetry', 'profile', 'state', 'command', 'ack'] as const
export type DeviceChannel = (typeof deviceChannels)[number]

export type ParsedTopic =
  | { readonly kind: 'device'; readonly site: string; readonly device: string; readonly channel: DeviceChannel }
  | {
      readonly kind: 'site' | 'clock' | 'watch' | 'scenario' | 'simWorld' | 'simFault' | 'controller' | 'audit'
      readonly site: string
    }
  | { readonly kind: 'cameraFrame' | 'observation' | 'alarm' | 'plan'; readonly site: string; readonly id: string }

/** Reads a topic name; undefined for anything that is not ours. */
export function parseTopic(topic: string): ParsedTopic | undefined {
  const levels = topic.split('/')
  const [root, version, site, first, second, third] = levels
  if (`${root}/${version}` !== topicRoot || site === undefined || !isId(site) || levels.length > 6) return undefined
  if (levels.length === 4) {
    switch (first) {
      case 'site':
      case 'clock':
      case 'watch':
      case 'scenario':
      case 'controller':
      case 'audit':
        return { kind: first, site }
      default:
        return undefined
    }
  }
  if (second === undefined || !isId(second)) return undefined
  if (levels.length === 5) {
    if (first === 'observation' || first === 'alarm' || first === 'plan') return { kind: first, site, id: second }
    if (first === 'sim' && second === 'world') return { kind: 'simWorld', site }
    if (first === 'sim' && second === 'fault') return { kind: 'simFault', site }
    return undefined
  }
  if (first === 'camera' && third === 'frame') return { kind: 'cameraFrame', site, id: second }
  if (first !== 'device') return undefined
  const channel = deviceChannels.find((name) => name === third)
  return channel && { kind: 'device', site, device: second, channel }
}
