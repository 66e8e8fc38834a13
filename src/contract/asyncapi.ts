/** The wire contract as an AsyncAPI 3 document, from the very schemas that check incoming messages. */
import { toJsonSchema } from '@valibot/to-json-schema'
import type * as v from 'valibot'
import { incident, plan } from './decision.ts'
import {
  ackMessage,
  auditMessage,
  availabilityMessage,
  birthMessage,
  clockMessage,
  commandMessage,
  controllerMessage,
  observationMessage,
  profileMessage,
  scenarioMessage,
  simFaultMessage,
  stateMessage,
  telemetryMessage,
  watchMessage,
} from './messages.ts'
import { simWorldMessage } from './sim-world.ts'
import { siteTopics, topicRoot } from './topics.ts'

interface ChannelSpec {
  readonly address: string
  readonly about: string
  readonly retained: boolean
  /** `both`: consoles send it as well as listen. */
  readonly direction: 'receive' | 'send' | 'both'
  readonly schema?: v.GenericSchema
  readonly contentType?: string
}

const topics = siteTopics('{site}')

export const channels: Readonly<Record<string, ChannelSpec>> = {
  site: {
    address: topics.site,
    about:
      'The site file (docs/site-file.schema.json), or for a large one `{"url", "sha256", "name"}`: its address relative to the page, the SHA-256 of its bytes and, so that it can be listed, its name.',
    retained: true,
    direction: 'receive',
  },
  birth: {
    address: topics.birth('{device}'),
    about: 'Name, Brick class, zone, pose and points of a device; an empty retained payload removes it.',
    retained: true,
    direction: 'receive',
    schema: birthMessage,
  },
  availability: {
    address: topics.availability('{device}'),
    about: 'The bare word online or offline, set by last will. A gateway speaks for all devices behind it.',
    retained: true,
    direction: 'receive',
    schema: availabilityMessage,
    contentType: 'text/plain',
  },
  telemetry: {
    address: topics.telemetry('{device}'),
    about: 'One reading, or a batch in time order.',
    retained: false,
    direction: 'receive',
    schema: telemetryMessage,
  },
  profile: {
    address: topics.profile('{device}'),
    about: "A meter's load profile: the last days of fixed-interval means, so that a fresh console can forecast.",
    retained: true,
    direction: 'receive',
    schema: profileMessage,
  },
  state: {
    address: topics.state('{device}'),
    about: 'Reported state of writable points.',
    retained: true,
    direction: 'receive',
    schema: stateMessage,
  },
  command: {
    address: topics.command('{device}'),
    about: 'What a device shall do, before expiresAt; never retained.',
    retained: false,
    direction: 'send',
    schema: commandMessage,
  },
  ack: {
    address: topics.ack('{device}'),
    about: 'The device heard the command and will or will not follow it.',
    retained: false,
    direction: 'receive',
    schema: ackMessage,
  },
  cameraFrame: {
    address: topics.cameraFrame('{camera}'),
    about:
      'One JPEG picture as the binary payload, 4 MiB at most; stamped with site time on arrival. Read where the camera’s source is `mqtt:`.',
    retained: false,
    direction: 'receive',
    contentType: 'image/jpeg',
  },
  observation: {
    address: topics.observation('{source}'),
    about: 'What a model saw, so that others need not compute it again.',
    retained: false,
    direction: 'both',
    schema: observationMessage,
  },
  alarm: {
    address: topics.alarm('{id}'),
    about: 'Shared life of an incident.',
    retained: true,
    direction: 'both',
    schema: incident,
  },
  plan: {
    address: topics.plan('{id}'),
    about: 'Shared life of a plan.',
    retained: true,
    direction: 'both',
    schema: plan,
  },
  controller: {
    address: topics.controller,
    about: 'Who holds automation, with a fencing number and a deadline.',
    retained: true,
    direction: 'both',
    schema: controllerMessage,
  },
  audit: {
    address: topics.audit,
    about: 'One line for every decision and command.',
    retained: false,
    direction: 'both',
    schema: auditMessage,
  },
  clock: {
    address: topics.clock,
    about: 'Simulated sites only: simulated time; at speed 0 it rests. Without it a site lives in wall time.',
    retained: true,
    direction: 'receive',
    schema: clockMessage,
  },
  watch: {
    address: topics.watch,
    about:
      'A console says every ten seconds or so that it looks at the site. Whoever hosts a simulated one may let it rest while nobody does.',
    retained: false,
    direction: 'send',
    schema: watchMessage,
  },
  scenario: {
    address: topics.scenario,
    about: 'Simulated sites only: starts and stops stories.',
    retained: false,
    direction: 'send',
    schema: scenarioMessage,
  },
  simFault: {
    address: topics.simFault,
    about: 'Simulated sites only: makes a device misbehave when it is commanded, until `none`.',
    retained: false,
    direction: 'send',
    schema: simFaultMessage,
  },
  simWorld: {
    address: topics.simWorld,
    about: 'Simulated sites only: ground truth for virtual cameras; never reaches the twin.',
    retained: false,
    direction: 'receive',
    schema: simWorldMessage,
  },
}

/** Built, not written: `docs/asyncapi.json` is this, and a test holds the two equal. */
export function asyncApiDocument() {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'ParkLoop wire contract',
      version: '1.0.0',
      description: `MQTT topics under ${topicRoot}/{site}/. Times are epoch milliseconds UTC on the site's clock.`,
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(Object.entries(channels).map(([name, spec]) => [name, channelDocument(name, spec)])),
    operations: Object.fromEntries(
      Object.entries(channels).flatMap(([name, spec]) =>
        (spec.direction === 'both' ? (['send', 'receive'] as const) : [spec.direction]).map((action) => [
          `${action}${name[0]?.toUpperCase()}${name.slice(1)}`,
          { action, channel: { $ref: `#/channels/${name}` } },
        ]),
      ),
    ),
  }
}

function channelDocument(name: string, spec: ChannelSpec) {
  const parameters = [...spec.address.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string)
  return {
    address: spec.address,
    description: spec.about,
    parameters: Object.fromEntries(parameters.map((parameter) => [parameter, {}])),
    messages: {
      [name]: {
        ...(spec.contentType ? { contentType: spec.contentType } : {}),
        ...(spec.schema ? { payload: toJsonSchema(spec.schema, { errorMode: 'ignore' }) } : {}),
      },
    },
    bindings: { mqtt: { bindingVersion: '0.2.0' } },
    'x-retained': spec.retained,
  }
}
