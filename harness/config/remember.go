package config

// remembered is how many things one map remembers. Sweeps of more values take the time to make them again, not the memory.
const remembered = 1 << 16

// remember puts a value into a map that only saves work, if there is room.
func remember[K comparable, V any](known map[K]V, key K, value V) {
	if len(known) < remembered {
		known[key] = value
	}
}
