import type { Bus, BusEvent } from '../contract/bus.ts'
import type { SiteFile } from './schema.ts'

/** The bus of a park: the contract's events with this format of site file. */
export type ParkEvent = BusEvent<SiteFile>
export type ParkBus = Bus<SiteFile>
