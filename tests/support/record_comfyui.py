"""Writes comfyui_nodes.json: what a running ComfyUI says of the nodes that the templates use.

    python3 tests/support/record_comfyui.py http://127.0.0.1:8188

Only facts are kept: names and types of inputs and outputs, bounds and choices; no descriptions.
The choices that are files of that machine are left out; the tests put in names of their own.
"""
import json
import pathlib
import sys
import urllib.request

NODES = """CheckpointLoaderSimple CLIPSetLastLayer CLIPTextEncode ControlNetApplyAdvanced
ControlNetLoader DualCLIPLoader EmptyImage EmptyLatentImage EmptySD3LatentImage FluxGuidance
GrowMask ImageCompositeMasked ImageInvert ImageScale ImageToMask ImageUpscaleWithModel KSampler
LatentUpscale LoadImage LoadImageMask LoraLoader MaskToImage PreviewImage SaveImage
SetLatentNoiseMask UNETLoader UpscaleModelLoader VAEDecode VAEEncode VAELoader""".split()
FILES = {"ckpt_name", "control_net_name", "clip_name1", "clip_name2", "image", "lora_name",
         "unet_name", "model_name", "vae_name"}
KEPT = {"min", "max", "options", "image_upload"}


def fact(name, spec):
    kind, options = spec[0], {k: v for k, v in (spec[1] if len(spec) > 1 else {}).items()
                              if k in KEPT}
    if name in FILES:
        if isinstance(kind, list):
            kind = []
        elif "options" in options:
            options["options"] = []
    return [kind, options] if options else [kind]


def main():
    url = sys.argv[1].rstrip("/")
    with urllib.request.urlopen(url + "/system_stats") as reply:
        version = json.load(reply)["system"]["comfyui_version"]
    with urllib.request.urlopen(url + "/object_info") as reply:
        everything = json.load(reply)
    kept = {}
    for name in NODES:
        node = everything[name]
        inputs = {group: {n: fact(n, s) for n, s in node["input"][group].items()}
                  for group in ("required", "optional") if node["input"].get(group)}
        kept[name] = {"input": inputs, "output": node["output"],
                      "output_node": node["output_node"]}
    path = pathlib.Path(__file__).with_name("comfyui_nodes.json")
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(node, separators=(',', ':'))}"
                       for name, node in kept.items())
    path.write_text("{\n" + lines + "\n}\n")
    print(f"{len(kept)} nodes of ComfyUI {version}")


if __name__ == "__main__":
    main()
