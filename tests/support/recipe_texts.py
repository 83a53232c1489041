"""What the image tools write about a picture, and what a reader must find in it.

Each maker takes a random.Random and gives (texts, expected): texts by the places that
recipe_files.py knows ("parameters", "comment_json", "prompt", "workflow", "pieces"…), expected by
the members of a recipe. The forms follow the tools' own sources and documentation; the values are
invented. Nothing here knows Atelier's reader or writer.
"""
import json

WORDS = ("lighthouse storm harbour (masterpiece:1.2) [night|day] ink wash, cinematic, 4k, "
         "a girl's red coat; \"quoted\" back\\slash 日本 猫 Füchse Москва 😀 a:b x,y {{soft}} "
         "steps: two BREAK 1girl,solo").split(" ")
SAMPLERS = [  # A1111's label, ComfyUI's name
    ("Euler a", "euler_ancestral"), ("Euler", "euler"), ("DPM++ 2M", "dpmpp_2m"),
    ("DPM++ SDE", "dpmpp_sde"), ("DPM++ 2M SDE", "dpmpp_2m_sde"), ("DPM++ 3M SDE", "dpmpp_3m_sde"),
    ("DPM++ 2S a", "dpmpp_2s_ancestral"), ("Heun", "heun"), ("LMS", "lms"), ("DDIM", "ddim"),
    ("UniPC", "uni_pc"), ("LCM", "lcm"), ("DPM2", "dpm_2"), ("DPM2 a", "dpm_2_ancestral"),
    ("DPM fast", "dpm_fast"), ("DPM adaptive", "dpm_adaptive"), ("Restart", "restart"),
    ("PLMS", "plms")]
SCHEDULERS = [("Karras", "karras"), ("Exponential", "exponential"), ("Simple", "simple"),
              ("SGM Uniform", "sgm_uniform"), ("Beta", "beta"), ("Normal", "normal")]
SIZES = [(512, 512), (512, 768), (832, 1216), (1024, 1024), (1216, 832), (1344, 768)]


def words(r, least=2, most=12):
    return " ".join(r.choice(WORDS) for _ in range(r.randint(least, most))).strip()


def prompt(r):
    lines = [words(r) for _ in range(r.choice([1, 1, 1, 2, 3]))]
    return "\n".join(lines)


def seed(r):
    return r.choice([0, 1, r.getrandbits(31), r.getrandbits(53), 2**53 + 1, 2**64 - 1,
                     r.getrandbits(64)])


def name(r):
    return r.choice(["base", "v1-5-pruned", "ponyDiffusionV6XL", "Ink Wash v2.1", "café_mix",
                     "my.model.fp16", "日本風"]) + str(r.randint(1, 99))


def hexes(r, digits):
    return f"{r.getrandbits(4 * digits):0{digits}x}"


def real(r, low, high):
    return round(r.uniform(low, high), r.choice([0, 1, 2])) or 0.5


def quoted(value):
    """A1111's quote(): JSON where a plain value would be taken apart."""
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if any(c in text for c in ",:\n\"") else text


def basics(r):
    width, height = r.choice(SIZES)
    label, key = r.choice(SAMPLERS)
    schedule, schedule_key = r.choice(SCHEDULERS)
    return {"prompt": prompt(r), "negativePrompt": r.choice(["", prompt(r)]), "seed": str(seed(r)),
            "steps": r.randint(1, 150), "cfgScale": real(r, 1, 20), "width": width,
            "height": height, "label": label, "samplerKey": key, "schedule": schedule,
            "schedulerKey": schedule_key, "model": name(r), "modelHash": hexes(r, 10)}


def expected_of(b, tool, *without, **more):
    members = ["prompt", "negativePrompt", "seed", "steps", "cfgScale", "width", "height",
               "samplerKey", "schedulerKey", "model", "modelHash"]
    return {"tool": tool, **{k: b[k] for k in members if k not in without}, **more}


def resource(kind, title, strength=None, digest=None, version=None):
    found = {"kind": kind}
    if title is not None:
        found["name"] = title
    if strength is not None:
        found["strength"] = strength
    if digest is not None:
        found["hash"] = digest
    if version is not None:
        found["modelVersionId"] = version
    return found


def a1111(r):
    b = basics(r)
    loras = [(name(r) + " l" + str(i), real(r, -1, 1.5), hexes(r, 12))
             for i in range(r.choice([0, 0, 1, 2, 4]))]
    for title, strength, _ in loras:
        b["prompt"] += f" <lora:{title}:{strength}>"
    joined = r.random() < 0.4
    pairs = [("Steps", b["steps"])]
    pairs += [("Sampler", f"{b['label']} {b['schedule']}")] if joined and \
        b["schedule"] in ("Karras", "Exponential") else \
        [("Sampler", b["label"]), ("Schedule type", b["schedule"])]
    pairs += [("CFG scale", b["cfgScale"]), ("Seed", b["seed"]),
              ("Size", f"{b['width']}x{b['height']}"), ("Model hash", b["modelHash"]),
              ("Model", b["model"])]
    expected = expected_of(b, "automatic1111", resources=[
        resource("checkpoint", b["model"], digest=b["modelHash"])])
    fields = []
    if r.random() < 0.3:
        vae, digest = name(r), hexes(r, 10)
        pairs += [("VAE hash", digest), ("VAE", vae + ".safetensors")]
        expected["resources"].append(resource("vae", vae, digest=digest))
    if r.random() < 0.4:
        expected["denoise"] = real(r, 0.1, 1)
        pairs.append(("Denoising strength", expected["denoise"]))
    if r.random() < 0.4:
        expected["clipSkip"] = r.randint(2, 4)
        pairs.append(("Clip skip", expected["clipSkip"]))
    if r.random() < 0.3:
        expected["hires"] = {"upscale": real(r, 1, 3), "steps": r.randint(1, 30),
                             "upscaler": r.choice(["4x-UltraSharp", "Latent", "R-ESRGAN 4x+"])}
        pairs += [("Hires upscale", expected["hires"]["upscale"]),
                  ("Hires steps", expected["hires"]["steps"]),
                  ("Hires upscaler", expected["hires"]["upscaler"])]
    if r.random() < 0.3:
        fields += [("ADetailer model", "face_yolov8n.pt"), ("ADetailer prompt", prompt(r)),
                   ("ADetailer confidence", "0.3")]
        expected["resources"].append(resource("detection", "face_yolov8n"))
    if r.random() < 0.3:
        digest, weight = hexes(r, 8), real(r, 0.1, 2)
        fields.append(("ControlNet 0", f"Module: openpose, Model: control_pose [{digest}], "
                                       f"Weight: {weight}, Resize Mode: Crop and Resize"))
        expected["resources"].append(resource("controlnet", "control_pose", weight, digest))
    fields += [(key, value) for key, value in
               [("RNG", "CPU"), ("ENSD", "31337"), ("Face restoration", "CodeFormer"),
                ("Mask blur", "4"), ("Wildcard prompt", words(r)), ("Tiled-VAE / size", "64:32")]
               if r.random() < 0.2]
    expected["fields"] = fields
    pairs += fields
    expected["resources"] += [resource("lora", *lora) for lora in loras]
    if loras:
        pairs.append(("Lora hashes", ", ".join(f"{t}: {d}" for t, _, d in loras)))
    raw = []
    if r.random() < 0.3:
        raw.append('Hashes: ' + json.dumps({"model": b["modelHash"], **{
            f"lora:{t}": d for t, _, d in loras}}))
    if r.random() < 0.2:
        digest = hexes(r, 12)
        pairs.append(("TI hashes", f"bad-hands: {digest}"))
        expected["resources"].append(resource("embedding", "bad-hands", digest=digest))
    expected["toolVersion"] = r.choice(["v1.6.0", "v1.9.4", "v1.10.1-RC"])
    pairs.append(("Version", expected["toolVersion"]))
    line = ", ".join([f"{key}: {quoted(value)}" for key, value in pairs[:-1]] + raw +
                     [f"Version: {expected['toolVersion']}"])
    text = b["prompt"]
    if b["negativePrompt"]:
        text += "\nNegative prompt: " + b["negativePrompt"]
    return {"parameters": text + "\n" + line}, expected


def civitai(r):
    b = basics(r)
    items = [{"type": "checkpoint", "modelVersionId": r.randint(1, 3_000_000),
              "modelName": name(r), "modelVersionName": "v1: a, b"}]
    for _ in range(r.randint(0, 3)):
        items.append({"type": r.choice(["lora", "embed", "lycoris"]), "weight": real(r, 0.1, 2),
                      "modelVersionId": r.randint(3_000_001, 9_000_000)})
    if r.random() < 0.3:
        items.append({"air": "urn:air:sdxl:lora:civitai:17@9900000", "weight": 0.7})
    remix = r.randint(1, 10**8)
    text = b["prompt"]
    if b["negativePrompt"]:
        text += "\nNegative prompt: " + b["negativePrompt"]
    text += (f"\nSteps: {b['steps']}, Sampler: {b['label']}, CFG scale: {b['cfgScale']}, Seed: "
             f"{b['seed']}, Size: {b['width']}x{b['height']}, Created Date: "
             f"2026-02-25T22:09:08.8160000Z, Civitai resources: {json.dumps(items)}, "
             f"Civitai metadata: {json.dumps({'remixOfId': remix, 'workflow': 'txt2img'})}")
    kinds = {"embed": "embedding"}
    expected = expected_of(b, "civitai", "model", "modelHash", "schedulerKey", remixOfId=remix,
                           workflowName="txt2img", createdAt="2026-02-25T22:09:08.8160000Z")
    expected["resources"] = [
        resource(kinds.get(i["type"], i["type"]), i.get("modelName"), i.get("weight"), None,
                 i["modelVersionId"]) if "type" in i else
        resource("lora", None, 0.7, None, 9900000) for i in items]
    return {"parameters": text}, expected


def node(kind, **inputs):
    return {"class_type": kind, "inputs": inputs, "_meta": {"title": kind}}


def comfy_parts(r, b, graph):
    """Loader and LoRAs; gives where model and clip come out, and the resources."""
    graph["4"] = node("CheckpointLoaderSimple", ckpt_name=f"xl/{b['model']}.safetensors")
    model, clip, resources = ["4", 0], ["4", 1], [resource("checkpoint", b["model"])]
    for i in range(r.choice([0, 1, 2])):
        title, strength = name(r) + f" l{i}", real(r, -1, 1.5)
        graph[f"1{i}"] = node("LoraLoader", lora_name=title + ".safetensors", model=model,
                              clip=clip, strength_model=strength, strength_clip=strength)
        model, clip = [f"1{i}", 0], [f"1{i}", 1]
        resources.append(resource("lora", title, strength))
    if r.random() < 0.3:
        title, strength = name(r) + " power", real(r, 0.1, 1)
        graph["19"] = node("Power Lora Loader (rgthree)", model=model, clip=clip,
                           lora_1={"on": True, "lora": title + ".safetensors",
                                   "strength": strength},
                           lora_2={"on": False, "lora": "unused.safetensors", "strength": 1})
        model, clip = ["19", 0], ["19", 1]
        resources.append(resource("lora", title, strength))
    return model, clip, resources


def comfy_text(r, graph, text, start):
    """The text itself, or a chain of nodes that makes it."""
    form = r.randint(0, 3)
    if form == 0 or len(text) < 4:
        return text
    key = str(start)
    if form == 1:
        graph[key] = node("PrimitiveStringMultiline", value=text)
        return [key, 0]
    cut = len(text) // 2
    if form == 2:
        graph[key] = node("StringConcatenate", string_a=text[:cut], string_b=text[cut:],
                          delimiter="")
        return [key, 0]
    graph[key] = node("String Literal", string=text[cut:])
    graph[str(start + 1)] = node("Text Concatenate", delimiter="", text_a=text[:cut],
                                 text_b=[key, 0])
    graph[str(start + 2)] = node("Reroute", **{"": [str(start + 1), 0]})
    return [str(start + 2), 0]


def comfyui(r):
    b = basics(r)
    b["samplerKey"] = r.choice(["euler", "euler_ancestral", "dpmpp_2m", "dpmpp_2m_sde", "uni_pc",
                                "ddim", "lcm", "res_multistep"])
    b["schedulerKey"] = r.choice(["normal", "karras", "simple", "sgm_uniform", "beta"])
    graph = {}
    model, clip, resources = comfy_parts(r, b, graph)
    expected = expected_of(b, "comfyui", "modelHash", resources=resources)
    if r.random() < 0.4:
        expected["clipSkip"] = r.randint(1, 3)
        graph["18"] = node("CLIPSetLastLayer", clip=clip, stop_at_clip_layer=-expected["clipSkip"])
        clip = ["18", 0]
    graph["6"] = node("CLIPTextEncode", clip=clip, text=comfy_text(r, graph, b["prompt"], 60))
    graph["7"] = node("CLIPTextEncode", clip=clip,
                      text=comfy_text(r, graph, b["negativePrompt"], 70))
    expected["prompt"], expected["negativePrompt"] = b["prompt"].strip(), \
        b["negativePrompt"].strip()
    width = b["width"]
    if r.random() < 0.3:
        graph["80"] = node("PrimitiveInt", value=width)
        width = ["80", 0]
    graph["5"] = node("EmptyLatentImage", width=width, height=b["height"], batch_size=1)
    number = int(b["seed"])
    if r.random() < 0.3:
        graph["81"] = node("Seed (rgthree)", seed=number)
        number = ["81", 0]
    graph["3"] = node("KSampler", seed=number, steps=b["steps"], cfg=b["cfgScale"],
                      sampler_name=b["samplerKey"], scheduler=b["schedulerKey"], denoise=1.0,
                      model=model, positive=["6", 0], negative=["7", 0], latent_image=["5", 0])
    latent = ["3", 0]
    if r.random() < 0.3:
        expected["hires"] = {"upscale": 1.5, "steps": r.randint(5, 20), "denoise": 0.45}
        graph["30"] = node("LatentUpscaleBy", samples=latent, upscale_method="nearest-exact",
                           scale_by=1.5)
        graph["31"] = node("KSampler", seed=99, steps=expected["hires"]["steps"], cfg=4,
                           sampler_name="euler", scheduler="normal", denoise=0.45, model=model,
                           positive=["6", 0], negative=["7", 0], latent_image=["30", 0])
        latent = ["31", 0]
    vae = ["4", 2]
    if r.random() < 0.4:
        title = name(r)
        graph["12"] = node("VAELoader", vae_name=title + ".safetensors")
        vae = ["12", 0]
        resources.append(resource("vae", title))
    graph["8"] = node("VAEDecode", samples=latent, vae=vae)
    graph["9"] = node("SaveImage", images=["8", 0], filename_prefix="x")
    return comfy_texts(r, graph), expected


def flux(r):
    b = basics(r)
    graph, guidance = {}, real(r, 1, 5)
    graph["12"] = node("UNETLoader", unet_name=b["model"] + ".safetensors", weight_dtype="default")
    graph["11"] = node("DualCLIPLoader", clip_name1="t5xxl_fp16.safetensors",
                       clip_name2="clip_l.safetensors", type="flux")
    graph["10"] = node("VAELoader", vae_name="ae.safetensors")
    graph["6"] = node("CLIPTextEncode", clip=["11", 0],
                      text=comfy_text(r, graph, b["prompt"], 60))
    graph["26"] = node("FluxGuidance", guidance=guidance, conditioning=["6", 0])
    graph["22"] = node("BasicGuider", model=["12", 0], conditioning=["26", 0])
    graph["25"] = node("RandomNoise", noise_seed=int(b["seed"]))
    graph["16"] = node("KSamplerSelect", sampler_name="euler")
    graph["17"] = node("BasicScheduler", model=["12", 0], scheduler="simple", steps=b["steps"],
                       denoise=1)
    graph["27"] = node("EmptySD3LatentImage", width=b["width"], height=b["height"], batch_size=1)
    graph["13"] = node("SamplerCustomAdvanced", noise=["25", 0], guider=["22", 0],
                       sampler=["16", 0], sigmas=["17", 0], latent_image=["27", 0])
    graph["8"] = node("VAEDecode", samples=["13", 0], vae=["10", 0])
    graph["9"] = node("SaveImage", images=["8", 0], filename_prefix="x")
    expected = expected_of(b, "comfyui", "modelHash", "cfgScale", guidance=guidance)
    expected |= {"samplerKey": "euler", "schedulerKey": "simple", "negativePrompt": "",
                 "prompt": b["prompt"].strip(), "resources": [
                     resource("diffusion_model", b["model"]), resource("vae", "ae"),
                     resource("text_encoder", "t5xxl_fp16"), resource("text_encoder", "clip_l")]}
    return comfy_texts(r, graph), expected


def comfy_texts(r, graph):
    if r.random() < 0.2:  # Python writes what JSON does not have
        next(iter(graph.values()))["is_changed"] = [float("nan")]
    workflow = {"last_node_id": 9, "nodes": [], "links": [], "extra": {"ds": {"scale": 1.0}}}
    return {"prompt": json.dumps(graph), "workflow": json.dumps(workflow)}


def workflow_only(r):
    """The editor's document alone, with a reroute and a primitive."""
    b = basics(r)
    links, nodes = [], []

    def link(number, source, slot, target, index, kind):
        links.append([number, source, slot, target, index, kind])
        return number

    def add(number, kind, values, inputs=(), outputs=()):
        nodes.append({"id": number, "type": kind, "mode": 0, "widgets_values": values,
                      "inputs": [{"name": n, "type": t, "link": i} for n, t, i in inputs],
                      "outputs": [{"name": t, "type": t} for t in outputs]})
    add(4, "CheckpointLoaderSimple", [b["model"] + ".safetensors"],
        outputs=("MODEL", "CLIP", "VAE"))
    add(40, "Reroute", [], [("", "*", link(1, 4, 0, 40, 0, "MODEL"))], ("MODEL",))
    add(6, "CLIPTextEncode", [b["prompt"]], [("clip", "CLIP", link(2, 4, 1, 6, 0, "CLIP"))])
    add(7, "CLIPTextEncode", [b["negativePrompt"]],
        [("clip", "CLIP", link(3, 4, 1, 7, 0, "CLIP"))])
    add(41, "PrimitiveNode", [b["width"], "fixed"])
    add(5, "EmptyLatentImage", [64, b["height"], 1],
        [("width", "INT", link(4, 41, 0, 5, 0, "INT"))], ("LATENT",))
    add(42, "LoraLoader", ["bypassed.safetensors", 1, 1],
        [("model", "MODEL", link(5, 40, 0, 42, 0, "MODEL"))], ("MODEL", "CLIP"))
    nodes[-1]["mode"] = 4
    add(3, "KSampler", [int(b["seed"]), "randomize", b["steps"], b["cfgScale"], "euler", "karras",
                        1], [("model", "MODEL", link(6, 42, 0, 3, 0, "MODEL")),
                             ("positive", "CONDITIONING", link(7, 6, 0, 3, 1, "CONDITIONING")),
                             ("negative", "CONDITIONING", link(8, 7, 0, 3, 2, "CONDITIONING")),
                             ("latent_image", "LATENT", link(9, 5, 0, 3, 3, "LATENT"))])
    add(8, "VAEDecode", [], [("samples", "LATENT", link(10, 3, 0, 8, 0, "LATENT")),
                             ("vae", "VAE", link(11, 4, 2, 8, 1, "VAE"))])
    add(9, "SaveImage", ["x"], [("images", "IMAGE", link(12, 8, 0, 9, 0, "IMAGE"))])
    add(50, "Note", ["not a prompt"])
    expected = expected_of(b, "comfyui", "modelHash")
    expected |= {"samplerKey": "euler", "schedulerKey": "karras", "prompt": b["prompt"].strip(),
                 "negativePrompt": b["negativePrompt"].strip(),
                 "resources": [resource("checkpoint", b["model"])]}
    return {"workflow": json.dumps({"version": 0.4, "nodes": nodes, "links": links})}, expected
