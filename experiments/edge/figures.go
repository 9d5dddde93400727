package main

import "msharp/plots"

func figures() []plots.Figure { return []plots.Figure{plots.Watched{}} }
