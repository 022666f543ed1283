"""Writers of the files that readers outside open: web GLB, AR GLB, USDZ."""
