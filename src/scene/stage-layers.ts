import { DataLayers } from './data-layers/data-layers.ts'
import { BuildingLayer } from './layers/building-layer.ts'
import { CameraLayer } from './layers/camera-layer.ts'
import { ChargingLayer } from './layers/charging-layer.ts'
import { CommandLayer } from './layers/command-layer.ts'
import { DeviceLayer } from './layers/device-layer.ts'
import { GateLayer } from './layers/gate-layer.ts'
import { GroundLayer } from './layers/ground-layer.ts'
import { LampLayer } from './layers/lamp-layer.ts'
import type { LayerContext } from './layers/layer.ts'
import { MarkLayer } from './layers/mark-layer.ts'
import { ModelLayer } from './layers/model-layer.ts'
import { StoreyLayer } from './layers/storey-layer.ts'
import { TrackLayer } from './layers/track-layer.ts'
import { TreeLayer } from './layers/tree-layer.ts'
import { WeatherLayer } from './layers/weather-layer.ts'
import { ZoneTableLayer } from './layers/zone-table-layer.ts'
import type { StageLayer } from './stage-layer.ts'

/** Layers that labels and flights ask for figures. */
export interface NamedLayers {
  readonly buildings: BuildingLayer
  readonly commands: CommandLayer
  readonly data: DataLayers
  readonly devices: DeviceLayer
  readonly marks: MarkLayer
  readonly tracks: TrackLayer
  readonly zoneTable: ZoneTableLayer
}

/** All layers of the model, in the order in which they are told of things. A new kind of layer is added here. */
export function buildLayers(context: LayerContext): {
  readonly all: readonly StageLayer[]
  readonly named: NamedLayers
} {
  const named: NamedLayers = {
    zoneTable: new ZoneTableLayer(context),
    buildings: new BuildingLayer(context),
    devices: new DeviceLayer(context),
    marks: new MarkLayer(context),
    commands: new CommandLayer(context),
    data: new DataLayers(context),
    tracks: new TrackLayer(context),
  }
  const others = [
    new GroundLayer(context),
    new TreeLayer(context),
    new GateLayer(context),
    new CameraLayer(context),
    new LampLayer(context),
    new ChargingLayer(context),
    new StoreyLayer(context),
    new ModelLayer(context, named),
    new WeatherLayer(context),
  ]
  return { all: [...Object.values<StageLayer>({ ...named }), ...others], named }
}
