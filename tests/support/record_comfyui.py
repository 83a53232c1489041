"""Writes down what a running ComfyUI says of its nodes: comfyui_nodes.json, those that the
templates use, and real_workflows/object_info.json, those of the workflows in that folder and in
workflows/.

    python3 tests/support/record_comfyui.py http://127.0.0.1:8188

Only facts are kept: names and types of inputs and outputs, bounds, defaults and choices; no
descriptions. The choices that are files of that machine are left out; the tests put in names of
their own.
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
KEPT_FOR_WORKFLOWS = KEPT | {
    "default", "control_after_generate", "dynamicPrompts", "multiline", "forceInput", "template",
    "multi_select", "widgetType", "audio_upload", "video_upload", "animated_image_upload", "remote"}
HERE = pathlib.Path(__file__).parent


def fact(name, spec, members):
    kind, options = spec[0], {k: v for k, v in (spec[1] if len(spec) > 1 else {}).items()
                              if k in members}
    if name in FILES or name.endswith("_name") and "sampler" not in name:
        if isinstance(kind, list):
            kind = []
        elif "options" in options:
            options["options"] = []
    return [kind, options] if options else [kind]


def facts(node, members, more=()):
    inputs = {group: {n: fact(n, s, members) for n, s in node["input"][group].items()}
              for group in ("required", "optional") if node["input"].get(group)}
    return {"input": inputs, "output": node["output"], "output_node": node["output_node"],
            **{key: node[key] for key in more if key in node}}


def classes_of(graph):
    yield from (node["type"] for node in graph.get("nodes", []))
    groups = (graph.get("extra") or {}).get("groupNodes") or {}
    for inner in [*(graph.get("definitions") or {}).get("subgraphs", []), *groups.values()]:
        yield from classes_of(inner)


def write(path, nodes):
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(node, separators=(',', ':'))}"
                       for name, node in nodes.items())
    path.write_text("{\n" + lines + "\n}\n")
    print(f"{len(nodes)} nodes in {path.name}")


def main():
    url = sys.argv[1].rstrip("/")
    with urllib.request.urlopen(url + "/system_stats") as reply:
        print("ComfyUI", json.load(reply)["system"]["comfyui_version"])
    with urllib.request.urlopen(url + "/object_info") as reply:
        everything = json.load(reply)
    write(HERE / "comfyui_nodes.json", {name: facts(everything[name], KEPT) for name in NODES})
    used = set(NODES)
    for folder in ("workflows", "real_workflows"):
        for path in (HERE / folder).rglob("*.json"):
            if path.name != "object_info.json":
                used.update(classes_of(json.loads(path.read_text())))
    write(HERE / "real_workflows/object_info.json",
          {name: facts(everything[name], KEPT_FOR_WORKFLOWS, ("input_order", "display_name"))
           for name in sorted(used & everything.keys())})


if __name__ == "__main__":
    main()
