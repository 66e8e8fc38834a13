/** Room for some 50 000 devices. What comes over MQTT is held to less. In a file of its own: the page needs no schema for it. */
export const maxSiteFileBytes = 32 * 1024 * 1024
