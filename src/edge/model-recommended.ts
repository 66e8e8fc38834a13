/** Public detectors that are known to plug in: where they are, under which licence, and what their exporters say. */

export interface RecommendedModel {
  readonly name: string
  readonly about: string
  readonly licence: string
  /** Missing where nobody publishes an ONNX file under a stable address: `howTo` says how to make one. */
  readonly url?: string
  readonly howTo?: string
  /** Stated by the publisher; missing where none is stated, the file's own is then written down. */
  readonly sha256?: string
  /** COCO val2017 AP as its authors publish it; not measured here. */
  readonly publishedAp?: number
}

const yolox = 'https://github.com/Megvii-BaseDetection/YOLOX/releases/download/0.1.1rc0'
const nanodet = 'https://github.com/RangiLyu/nanodet/releases/download/v1.0.0-alpha-1'

export const recommendedModels: readonly RecommendedModel[] = [
  {
    name: 'yolox-nano',
    about: '416 × 416, 0.9 M parameters, 3.7 MB',
    licence: 'Apache-2.0',
    url: `${yolox}/yolox_nano.onnx`,
    publishedAp: 25.8,
  },
  {
    name: 'yolox-tiny',
    about: '416 × 416, 5.1 M parameters, 20 MB',
    licence: 'Apache-2.0',
    url: `${yolox}/yolox_tiny.onnx`,
    publishedAp: 32.8,
  },
  {
    name: 'yolox-s',
    about: '640 × 640, 9.0 M parameters, 36 MB',
    licence: 'Apache-2.0',
    url: `${yolox}/yolox_s.onnx`,
    publishedAp: 40.5,
  },
  {
    name: 'nanodet-plus-320',
    about: '320 × 320, 4.8 MB',
    licence: 'Apache-2.0',
    url: `${nanodet}/nanodet-plus-m_320.onnx`,
    publishedAp: 27.0,
  },
  {
    name: 'nanodet-plus-416',
    about: '416 × 416, 4.8 MB',
    licence: 'Apache-2.0',
    url: `${nanodet}/nanodet-plus-m_416.onnx`,
    publishedAp: 30.4,
  },
  {
    name: 'dfine-nano',
    about: '640 × 640, 4 M parameters, 15 MB; a conversion by AnnotateIt',
    licence: 'Apache-2.0',
    url: 'https://huggingface.co/AnnotateIt/dfine-nano-coco-onnx/resolve/main/model.onnx',
    sha256: 'b0ec2e5793f3a3cbd07440d098645a0e102cd450fb92f4f35e713f36e35d152e',
    publishedAp: 42.8,
  },
  {
    name: 'rf-detr-nano',
    about: '384 × 384, 115 MB; a conversion by AnnotateIt',
    licence: 'Apache-2.0',
    url: 'https://huggingface.co/AnnotateIt/rfdetr-nano-coco-onnx/resolve/main/model.onnx',
    sha256: 'd5082b3a93eba673cf71763842be73fb852ab79962dfb303bbf0012ab8805059',
    publishedAp: 48.4,
  },
  {
    name: 'yolo11n',
    about: '640 × 640, 2.6 M parameters; YOLOv8 and v5 likewise',
    licence: 'AGPL-3.0: whoever serves it to others must offer the source of the whole, or buy a licence',
    howTo:
      'pip install ultralytics && yolo export model=yolo11n.pt format=onnx, then: npm run model -- add yolo11n.onnx',
    publishedAp: 39.5,
  },
]
