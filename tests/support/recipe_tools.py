"""More of recipe_texts.py: the tools that write JSON."""
import json

from recipe_texts import (SAMPLERS, basics, expected_of, hexes, name, prompt, real, resource,
                          words)


def swarmui(r):
    b = basics(r)
    loras = [(f"{name(r)} s{i}", real(r, 0.1, 1.5)) for i in range(r.randint(0, 3))]
    digest = hexes(r, 64)
    text = str if r.random() < 0.5 else (lambda value: value)
    parameters = {"prompt": b["prompt"], "negativeprompt": b["negativePrompt"],
                  "model": "folder/" + b["model"], "seed": text(int(b["seed"])),
                  "steps": text(b["steps"]), "cfgscale": text(b["cfgScale"]),
                  "aspectratio": "1:1", "width": b["width"], "height": b["height"],
                  "sampler": b["samplerKey"], "scheduler": b["schedulerKey"],
                  "automaticvae": True}
    expected = expected_of(b, "swarmui", "modelHash", toolVersion="0.9.7.4",
                           createdAt="2026-01-03")
    expected["fields"] = [("aspectratio", "1:1"), ("automaticvae", "true"),
                          ("prep_time", "0.00 sec")]
    expected["resources"] = [resource("checkpoint", b["model"], digest=digest)]
    expected["resources"] += [resource("lora", *lora) for lora in loras]
    if loras:
        listed = [title for title, _ in loras], [str(weight) for _, weight in loras]
        parameters["loras"], parameters["loraweights"] = listed if r.random() < 0.5 else \
            (",".join(listed[0]), ",".join(listed[1]))
    if r.random() < 0.3:
        parameters |= {"refinerupscale": 1.5, "refinercontrolpercentage": "0.3",
                       "refinerupscalemethod": "model-4x_foo.pth"}
        expected["hires"] = {"upscale": 1.5, "denoise": 0.3, "upscaler": "4x_foo"}
        expected["resources"].append(resource("upscaler", "4x_foo"))
    parameters["swarm_version"] = "0.9.7.4"
    whole = {"sui_image_params": parameters,
             "sui_extra_data": {"date": "2026-01-03", "prep_time": "0.00 sec"},
             "sui_models": [{"name": f"folder/{b['model']}.safetensors", "param": "model",
                             "hash": "0x" + digest}]}
    return {"parameters": json.dumps(whole, indent=2 if r.random() < 0.5 else None,
                                     ensure_ascii=r.random() < 0.5)}, expected


def fooocus(r):
    b = basics(r)
    loras = [(f"{name(r)} f{i}", real(r, 0.1, 1.5), hexes(r, 10)) for i in range(r.randint(0, 3))]
    settings = {"adm_guidance": "(1.5, 0.8, 0.3)", "base_model": b["model"],
                "base_model_hash": b["modelHash"], "clip_skip": 2, "full_prompt": [b["prompt"]],
                "guidance_scale": b["cfgScale"], "loras": loras, "metadata_scheme": "fooocus",
                "negative_prompt": b["negativePrompt"], "performance": "Speed",
                "prompt": b["prompt"], "refiner_model": "None",
                "resolution": f"({b['width']}, {b['height']})", "sampler": b["samplerKey"],
                "scheduler": b["schedulerKey"], "seed": b["seed"], "sharpness": 2,
                "steps": b["steps"], "styles": "['Fooocus V2']", "vae": "Default (model)",
                "version": "Fooocus v2.5.5"}
    for i, (title, weight, _) in enumerate(loras):
        settings[f"lora_combined_{i + 1}"] = f"{title} : {weight}"
    expected = expected_of(b, "fooocus", clipSkip=2, toolVersion="Fooocus v2.5.5", resources=[
        resource("checkpoint", b["model"], digest=b["modelHash"]),
        *(resource("lora", *lora) for lora in loras)])
    return {"parameters": json.dumps(dict(sorted(settings.items()))),
            "fooocus_scheme": "fooocus"}, expected


def fooocus_a1111(r):
    b = basics(r)
    label = b["label"] + (" Karras" if b["schedulerKey"] == "karras" else "")
    text = b["prompt"]
    if b["negativePrompt"]:
        text += "\nNegative prompt: " + b["negativePrompt"]
    text += (f"\nSteps: {b['steps']}, Sampler: {label}, Seed: {b['seed']}, Size: {b['width']}x"
             f"{b['height']}, CFG scale: {b['cfgScale']}, Sharpness: 2, ADM Guidance: "
             f"\"(1.5, 0.8, 0.3)\", Model: {b['model']}, Model hash: {b['modelHash']}, "
             f"Performance: Speed, Scheduler: {b['schedulerKey']}, VAE: Default (model), "
             f"Raw prompt: {json.dumps(b['prompt'], ensure_ascii=False)}, Version: Fooocus v2.5.5")
    return {"parameters": text, "fooocus_scheme": "a1111"}, expected_of(
        b, "fooocus", toolVersion="Fooocus v2.5.5")


def ruined_fooocus(r):
    b = basics(r)
    lora, digest = name(r) + " r", hexes(r, 10)
    settings = {"Prompt": b["prompt"], "Negative": b["negativePrompt"], "steps": b["steps"],
                "cfg": b["cfgScale"], "width": b["width"], "height": b["height"],
                "seed": int(b["seed"]), "sampler_name": b["samplerKey"] + r.choice(["", "_gpu"]) if
                b["samplerKey"] in ("dpmpp_2m_sde", "dpmpp_sde") else b["samplerKey"],
                "scheduler": b["schedulerKey"], "base_model_name": b["model"] + ".safetensors",
                "base_model_hash": b["modelHash"].upper(),
                "loras": [[digest, f"0.4 - {lora}.safetensors"]], "start_step": 0,
                "denoise": None, "clip_skip": 1, "software": "RuinedFooocus"}
    return {"parameters": json.dumps(settings)}, expected_of(
        b, "ruined_fooocus", clipSkip=1, resources=[
            resource("checkpoint", b["model"], digest=b["modelHash"]),
            resource("lora", lora, 0.4, digest)])


NAI_SAMPLERS = [("k_euler_ancestral", "euler_ancestral"), ("k_euler", "euler"),
                ("k_dpmpp_2m", "dpmpp_2m"), ("k_dpmpp_sde", "dpmpp_sde"), ("ddim_v3", "ddim"),
                ("k_dpmpp_2s_ancestral", "dpmpp_2s_ancestral")]


def novelai(r):
    b = basics(r)
    written, key = r.choice(NAI_SAMPLERS)
    comment = {"prompt": b["prompt"], "steps": b["steps"], "height": b["height"],
               "width": b["width"], "scale": b["cfgScale"], "uncond_scale": 0.0,
               "seed": int(b["seed"]), "n_samples": 1, "noise_schedule": "karras",
               "sampler": written, "request_type": "PromptGenerateRequest",
               "signed_hash": hexes(r, 20)}
    expected = expected_of(b, "novelai", samplerKey=key, schedulerKey="karras",
                           model="NovelAI Diffusion V4.5", modelHash="c02d4f98")
    if r.random() < 0.7:  # V4 writes captions, older ones `uc`
        character = words(r)
        comment["v4_prompt"] = {"caption": {"base_caption": b["prompt"], "char_captions": [
            {"char_caption": character, "centers": [{"x": 0.5, "y": 0.3}]}]}}
        comment["v4_negative_prompt"] = {"caption": {"base_caption": b["negativePrompt"],
                                                     "char_captions": []}}
        expected["fields"] = [("Character 1", character)]
    comment["uc"] = b["negativePrompt"]
    texts = {"Title": "NovelAI generated image", "Description": b["prompt"],
             "Software": "NovelAI", "Source": "NovelAI Diffusion V4.5 C02D4F98",
             "Generation time": "3.7", "Comment": json.dumps(comment)}
    return {"pieces": texts, "comment_json": json.dumps(texts)}, expected


def invokeai(r):
    b = basics(r)
    written, key = r.choice([("euler_a", "euler_ancestral"), ("euler", "euler"),
                             ("dpmpp_2m", "dpmpp_2m"), ("unipc", "uni_pc"), ("ddim", "ddim"),
                             ("heun", "heun"), ("lms", "lms")])
    digest, lora, lora_digest = hexes(r, 64), name(r) + " i", hexes(r, 64)
    new = r.random() < 0.7
    model = {"key": "179d", "hash": "blake3:" + digest, "name": b["model"], "base": "sdxl",
             "type": "main"} if new else \
        {"model_name": b["model"], "base_model": "sdxl", "model_type": "main"}
    data = {"generation_mode": "sdxl_txt2img", "positive_prompt": b["prompt"],
            "negative_prompt": b["negativePrompt"], "width": b["width"], "height": b["height"],
            "seed": int(b["seed"]), "rand_device": "cpu", "cfg_scale": b["cfgScale"],
            "steps": b["steps"], "scheduler": written, "clip_skip": 1, "model": model,
            "loras": [{"model" if new else "lora": {
                "hash": "blake3:" + lora_digest, "name": lora} if new else {"model_name": lora},
                       "weight": 0.65}], "app_version": "6.10.0"}
    expected = expected_of(b, "invokeai", "modelHash", "schedulerKey", samplerKey=key, clipSkip=2,
                           toolVersion="6.10.0", resources=[
                               resource("checkpoint", b["model"], digest=digest if new else None),
                               resource("lora", lora, 0.65, lora_digest if new else None)])
    expected["fields"] = [("generation_mode", "sdxl_txt2img"), ("rand_device", "cpu")]
    return {"pieces": {"invokeai_metadata": json.dumps(data, ensure_ascii=r.random() < 0.5),
                       "invokeai_graph": json.dumps({"id": "g", "nodes": {}})}}, expected


def old_invokeai(r):
    b = basics(r)
    text = b["prompt"].replace("\n", " ").replace("[", "(").replace("]", ")").strip()
    digest = hexes(r, 64)
    image = {"prompt": [{"prompt": f"{text} [rain, fog]", "weight": 1.0}], "steps": b["steps"],
             "cfg_scale": b["cfgScale"], "height": b["height"], "width": b["width"],
             "seed": int(b["seed"]), "sampler": "k_lms", "type": "txt2img"}
    whole = {"model": "stable diffusion", "model_weights": b["model"], "model_hash": digest,
             "app_id": "invoke-ai/InvokeAI", "app_version": "2.3.0", "image": image}
    expected = expected_of(b, "invokeai", "schedulerKey", prompt=text, negativePrompt="rain, fog",
                           samplerKey="lms", modelHash=digest, toolVersion="2.3.0")
    return {"pieces": {"sd-metadata": json.dumps(whole)}}, expected


def dream(r):
    b = basics(r)
    text = b["prompt"].replace("\n", " ").replace("[", "(").replace("]", ")").strip()
    line = (f"\"{text} [rain]\" -s {b['steps']} -S {b['seed']} -W {b['width']} -H {b['height']} "
            f"-C {b['cfgScale']} -A k_euler_a")
    return {"pieces": {"Dream": line}}, expected_of(
        b, "invokeai", "schedulerKey", "model", "modelHash", prompt=text, negativePrompt="rain",
        samplerKey="euler_ancestral")


def easy_diffusion(r):
    b = basics(r)
    lora = name(r) + " e"
    settings = {"prompt": b["prompt"], "negative_prompt": b["negativePrompt"],
                "seed": int(b["seed"]), "num_inference_steps": b["steps"],
                "guidance_scale": b["cfgScale"], "width": b["width"], "height": b["height"],
                "use_stable_diffusion_model": f"/models/{b['model']}.ckpt",
                "use_vae_model": "", "sampler_name": b["samplerKey"].replace("_ancestral", "_a"),
                "use_lora_model": [lora], "lora_alpha": [0.4], "clip_skip": True}
    expected = expected_of(b, "easy_diffusion", "modelHash", "schedulerKey", clipSkip=2,
                           resources=[resource("checkpoint", b["model"]),
                                      resource("lora", lora, 0.4)])
    pieces = {k: v if isinstance(v, str) else json.dumps(v) if isinstance(v, list) else str(v)
              for k, v in settings.items() if v != ""}
    return {"pieces": pieces, "comment_json": json.dumps(settings)}, expected


def draw_things(r):
    b = basics(r)
    lora = name(r) + " d"
    data = {"c": b["prompt"], "uc": b["negativePrompt"], "seed": int(b["seed"]),
            "steps": b["steps"], "sampler": b["label"], "scale": b["cfgScale"],
            "size": f"{b['width']}x{b['height']}", "model": b["model"] + ".ckpt",
            "strength": 1, "lora": [{"model": lora + ".ckpt", "weight": 0.6}],
            "seed_mode": "Scale Alike"}
    return {"xmp_comment": json.dumps(data, ensure_ascii=False)}, expected_of(
        b, "draw_things", "modelHash", "schedulerKey", resources=[
            resource("checkpoint", b["model"]), resource("lora", lora, 0.6)])


def civitai_graph(r):
    """Civitai's older images: the graph in UserComment with its summary beside the nodes."""
    b = basics(r)
    version = r.randint(1, 10**6)
    graph = {"resource-stack": {"class_type": "CheckpointLoaderSimple", "inputs": {
        "ckpt_name": f"urn:air:sdxl:checkpoint:civitai:1@{version}"}},
        "extra": {"airs": [f"urn:air:sdxl:checkpoint:civitai:1@{version}"]},
        "extraMetadata": json.dumps({
            "prompt": b["prompt"], "negativePrompt": b["negativePrompt"], "steps": b["steps"],
            "cfgScale": b["cfgScale"], "sampler": b["label"], "seed": int(b["seed"]),
            "workflowId": "img2img-hires", "remixOfId": 77,
            "resources": [{"modelVersionId": version, "strength": 1}]})}
    return {"comment_json": json.dumps(graph, separators=(",", ":"))}, expected_of(
        b, "civitai", "width", "height", "schedulerKey", "model", "modelHash", remixOfId=77,
        workflowName="img2img-hires", resources=[resource("checkpoint", None, 1, None, version)])


def saved_with_graph(r):
    """An image saver of ComfyUI: A1111's text and, beside it, graph and workflow in one object."""
    b = basics(r)
    graph = {"1": {"class_type": "CheckpointLoaderSimple",
                   "inputs": {"ckpt_name": b["model"] + ".safetensors"}},
             "2": {"class_type": "CLIPTextEncode", "inputs": {"text": b["prompt"],
                                                             "clip": ["1", 1]}},
             "3": {"class_type": "CLIPTextEncode", "inputs": {"text": b["negativePrompt"],
                                                             "clip": ["1", 1]}},
             "4": {"class_type": "EmptyLatentImage", "inputs": {
                 "width": b["width"], "height": b["height"], "batch_size": 1}},
             "5": {"class_type": "KSampler", "inputs": {
                 "seed": int(b["seed"]), "steps": b["steps"], "cfg": b["cfgScale"],
                 "sampler_name": "euler", "scheduler": "karras", "denoise": 1, "model": ["1", 0],
                 "positive": ["2", 0], "negative": ["3", 0], "latent_image": ["4", 0]}},
             "6": {"class_type": "VAEDecode", "inputs": {"samples": ["5", 0], "vae": ["1", 2]}},
             "7": {"class_type": "SaveImagePlus", "inputs": {"images": ["6", 0]}}}
    return {"comment_json": json.dumps({"prompt": graph, "workflow": {"nodes": []}})}, expected_of(
        b, "comfyui", "modelHash", samplerKey="euler", schedulerKey="karras",
        prompt=b["prompt"].strip(), negativePrompt=b["negativePrompt"].strip())
