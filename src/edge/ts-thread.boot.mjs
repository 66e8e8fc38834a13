// Plain JavaScript, since nothing reads TypeScript here yet; a file, so that tsx is found from where it lies.
import { register } from 'tsx/esm/api'

register()
await import(process.argv[2])
