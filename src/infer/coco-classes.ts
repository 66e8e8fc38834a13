/** The categories of COCO 2017 (cocodataset.org), which most public detectors answer with, and their numbers there. */
import { detectorClasses } from '../contract/perception.ts'

const names =
  'person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant,stop sign,parking meter,bench,bird,cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe,backpack,umbrella,handbag,tie,suitcase,frisbee,skis,snowboard,sports ball,kite,baseball bat,baseball glove,skateboard,surfboard,tennis racket,bottle,wine glass,cup,fork,knife,spoon,bowl,banana,apple,sandwich,orange,broccoli,carrot,hot dog,pizza,donut,cake,chair,couch,potted plant,bed,dining table,toilet,tv,laptop,mouse,remote,keyboard,cell phone,microwave,oven,toaster,sink,refrigerator,book,clock,vase,scissors,teddy bear,hair drier,toothbrush'

/** Numbers 1…90 that the 2017 edition does not use. */
const unusedNumbers = [12, 26, 29, 30, 45, 66, 68, 69, 71, 83]

/** The 80 in their order, as YOLO, YOLOX, NanoDet and D-FINE count them. */
export const cocoClasses: readonly string[] = names.split(',')

/** Numbered 0…90 as in the annotation files, as DETR and RF-DETR count them; numbers without a category say so. */
export const cocoNumbered: readonly string[] = (() => {
  const left = [...cocoClasses]
  return Array.from({ length: 91 }, (_, i) =>
    i === 0 || unusedNumbers.includes(i) ? `unused-${i}` : (left.shift() ?? `unused-${i}`),
  )
})()

/** What of it a park knows, in the park's words, and what VOC, VisDrone, BDD100K and KITTI call the same. */
const parkWords: Readonly<Record<string, string>> = {
  pedestrian: 'person',
  people: 'person',
  person_sitting: 'person',
  rider: 'person',
  cyclist: 'bicycle',
  bike: 'bicycle',
  motorcycle: 'bicycle',
  motorbike: 'bicycle',
  motor: 'bicycle',
  van: 'car',
  bus: 'truck',
}

/** The park's word for a class, whatever the case; undefined where it has none. */
export function parkWord(name: string): string | undefined {
  const plain = name.trim().toLowerCase()
  return (
    detectorClasses.find((word) => word === plain) ?? (Object.hasOwn(parkWords, plain) ? parkWords[plain] : undefined)
  )
}
