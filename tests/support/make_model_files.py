#!/usr/bin/env python3
"""Writes a folder of small model files of every kind, and expected.json that says what each is.

    make_model_files.py OUT_DIR

expected.json maps a path below OUT_DIR to {type, base, verdict, format} and, where it matters,
{variant, base_type, code, conflict, trigger, quant, precision}. An empty base: nothing in the
file can tell. Standard library only; the same bytes on every run.
"""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))

from tests.support import model_shapes as shapes  # noqa: E402
from tests.support import model_writers as writers  # noqa: E402
from tests.support.hostile_files import hostile_files  # noqa: E402


class Folder:
    def __init__(self, path):
        self.path = path
        self.expected = {}

    def add(self, name, data, kind, base, format="SafeTensor", verdict="safe", **more):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if name in self.expected:
            raise ValueError(f"two files are called {name}")
        self.expected[name] = {"type": kind, "base": base, "verdict": verdict, "format": format,
                               **more}

    def tensors(self, name, tensors, kind, base, metadata=None, **more):
        self.add(name, writers.safetensors(tensors, metadata), kind, base, **more)


def kohya(version, module="networks.lora", **more):
    return {"ss_base_model_version": version, "ss_network_module": module, "ss_network_dim": "2",
            "ss_network_alpha": "1", "sshs_model_hash": "ab" * 32, "sshs_legacy_hash": "12345678",
            **more}


TAGS = json.dumps({"10_sks woman": {"sks woman": 12, "smile": 5}, "1_other": {"smile": 1}})


def checkpoints(folder):
    put = folder.tensors
    at = "checkpoints/"
    put(at + "sd15.safetensors", shapes.sd1(), "Checkpoint", "SD 1.5", precision="fp16")
    put(at + "sd15-inpainting.safetensors", shapes.sd1(9), "Checkpoint", "SD 1.5",
        base_type="Inpainting")
    put(at + "sd15-pix2pix.safetensors", shapes.sd1(8), "Checkpoint", "SD 1.5",
        base_type="Pix2Pix")
    put(at + "sd15-ema.safetensors", {**shapes.sd1(), "model_ema.diffusion_modelout2weight":
                                      ("F32", [4, 4])}, "Checkpoint", "SD 1.5", size="full")
    put(at + "sd21.safetensors", shapes.sd2(), "Checkpoint", "SD 2.1")
    put(at + "sd21-unclip.safetensors", shapes.sd2(2048), "Checkpoint", "SD 2.1 Unclip")
    put(at + "xl-base.safetensors", shapes.sdxl(), "Checkpoint", "SDXL 1.0")
    put(at + "xl-inpainting.safetensors", shapes.sdxl(9), "Checkpoint", "SDXL 1.0",
        base_type="Inpainting")
    put(at + "xl-refiner.safetensors", shapes.refiner(), "Checkpoint", "SDXL 1.0",
        base_type="Refiner")
    put(at + "ssd-1b.safetensors", shapes.sdxl(depth=4), "Checkpoint", "SDXL Distilled")
    put(at + "kolors.safetensors", shapes.sdxl(label=5632), "Checkpoint", "Kolors")
    put(at + "playground.safetensors", {**shapes.sdxl(), "edm_mean": ("F32", [4])}, "Checkpoint",
        "Playground v2")
    put(at + "ponyDiffusionV6XL.safetensors", shapes.sdxl(), "Checkpoint", "Pony")
    put(at + "merge.safetensors", shapes.sdxl(), "Checkpoint", "Illustrious",
        {"sd_merge_models": '{"1": {"name": "illustriousXL_v01.safetensors"}}'})
    put(at + "noobaiXLVpred.safetensors", {**shapes.sdxl(), "v_pred": ("F32", [0])}, "Checkpoint",
        "NoobAI", v_prediction=True)
    eight_bit = {name: ("F8_E4M3", shape) for name, (_, shape) in shapes.sdxl().items()}
    put(at + "xl-8bit.safetensors", eight_bit, "Checkpoint", "SDXL 1.0", precision="fp8")
    liar = {"modelspec.architecture": "stable-diffusion-v1", "modelspec.title": "x"}
    put(at + "claims-sd1.safetensors", shapes.sdxl(), "Checkpoint", "SDXL 1.0", liar,
        conflict="base_conflict")


def diffusion_models(folder):
    put = folder.tensors
    at = "diffusion_models/"
    put(at + "sd15-diffusers.safetensors", shapes.diffusers_unet(768, 0), "UNet", "SD 1.5")
    put(at + "xl-diffusers.safetensors", shapes.diffusers_unet(2048, 1), "UNet", "SDXL 1.0")
    put(at + "dev.safetensors", shapes.flux(), "UNet", "Flux.1 D", precision="bf16")
    put(at + "fast.safetensors", shapes.flux(guidance=False), "UNet", "Flux.1 S")
    put(at + "fill.safetensors", shapes.flux(image=384), "UNet", "Flux.1 D",
        base_type="Inpainting")
    put(at + "control.safetensors", shapes.flux(image=128), "UNet", "Flux.1 D")
    put(at + "dev-diffusers.safetensors", shapes.flux_diffusers(), "UNet", "Flux.1 D")
    put(at + "kontext.safetensors", shapes.flux(), "UNet", "Flux.1 Kontext",
        {"modelspec.title": "Flux.1-Kontext-dev"})
    put(at + "two.safetensors", shapes.flux(image=128, text=15360), "UNet", "Flux.2 D")
    put(at + "two-4b.safetensors", shapes.flux(False, 128, 7680), "UNet", "Flux.2 Klein 4B")
    distilled = (("distilled_guidance_layer.norms.0.scale", (8,)),)
    put(at + "chroma.safetensors", shapes.flux(False, extra=distilled), "UNet", "Chroma")
    whole = {**shapes.under(shapes.DIFFUSION, shapes.flux()), **shapes.sd_vae("vae.", 16),
             **shapes.clip_l("text_encoders.clip_l.transformer.")}
    put(at + "dev-whole.safetensors", whole, "Checkpoint", "Flux.1 D")
    put(at + "three.safetensors", shapes.sd3(1536), "UNet", "SD 3")
    put(at + "three-medium.safetensors", shapes.sd3(1536, True), "UNet", "SD 3.5 Medium")
    put(at + "three-large.safetensors", shapes.sd3(2432), "UNet", "SD 3.5 Large")
    put(at + "w-small.safetensors", shapes.wan(1536, 16), "UNet", "Wan Video 1.3B t2v")
    put(at + "w-14b.safetensors", shapes.wan(5120, 16), "UNet", "Wan Video 14B t2v")
    put(at + "w-14b-image.safetensors", shapes.wan(5120, 36, True), "UNet",
        "Wan Video 14B i2v 480p")
    put(at + "w-22-image.safetensors", shapes.wan(5120, 36), "UNet", "Wan Video 2.2 I2V-A14B")
    put(at + "w-22-5b.safetensors", shapes.wan(3072, 48), "UNet", "Wan Video 2.2 TI2V-5B")
    for name, (tensors, base) in shapes.TRANSFORMERS.items():
        put(f"{at}t-{name}.safetensors", tensors, "UNet", base)


def adapters(folder):
    put = folder.tensors
    at = "loras/"
    put(at + "one.safetensors", shapes.SD1_LORA, "LORA", "SD 1.5",
        kohya("sd_v1", ss_tag_frequency=TAGS), trigger="sks woman")
    put(at + "two.safetensors", shapes.SD2_LORA, "LORA", "SD 2.1", kohya("sd_v2"))
    put(at + "large.safetensors", shapes.XL_LORA, "LORA", "SDXL 1.0", kohya("sdxl_base_v1-0"))
    put(at + "horse.safetensors", shapes.XL_LORA, "LORA", "Pony",
        kohya("sdxl_base_v1-0", ss_tag_frequency=json.dumps({"1_a": {"score_9": 3, "cat": 1}})))
    put(at + "drawn.safetensors", shapes.XL_LORA, "LORA", "Illustrious",
        kohya("sdxl_base_v1-0", ss_sd_model_name="illustriousXL_v01.safetensors"))
    put(at + "liar.safetensors", shapes.SD1_LORA, "LORA", "SD 1.5", kohya("sdxl_base_v1-0"),
        conflict="base_conflict")
    put(at + "flow.safetensors", shapes.FLUX_LORA, "LORA", "Flux.1 D", kohya("flux1"))
    klein = shapes.lora([(shapes.FLUX_QKV, 3072, 9216),
                         ("lora_unet_single_blocks_0_linear1", 3072, 27648)])
    put(at + "small-two.safetensors", klein, "LORA", "Flux.2 Klein 4B")
    put(at + "big-two.safetensors", shapes.lora([(shapes.FLUX_QKV, 6144, 18432)]), "LORA",
        "Flux.2 D")
    convolution = {**shapes.SD1_LORA, **shapes.lora(
        [("lora_unet_down_blocks_0_resnets_0_conv1", 320, 320)], kernel=3)}
    put(at + "conv.safetensors", convolution, "LoCon", "SD 1.5",
        kohya("sd_v1", "lycoris.kohya", ss_network_args='{"algo": "locon"}'), variant="LoCon")
    put(at + "loha.safetensors", shapes.loha(shapes.SD_K, 768, 320), "LoCon", "SD 1.5",
        variant="LoHa")
    put(at + "lokr.safetensors", shapes.lokr(shapes.XL_K, (16, 16), (40, 128)), "LoCon",
        "SDXL 1.0", variant="LoKr")
    put(at + "dora.safetensors", shapes.dora(shapes.XL_LORA, shapes.XL_K, 640), "DoRA", "SDXL 1.0")
    put(at + "full.safetensors", shapes.table((shapes.SD_K + ".diff", (2, 768))), "LoCon",
        "SD 1.5", variant="Full")
    put(at + "ia3.safetensors", shapes.table((shapes.XL_K + ".weight", (1, 640)),
                                             (shapes.XL_K + ".on_input", ())), "LoCon",
        "SDXL 1.0", variant="IA3")
    put(at + "oft.safetensors", shapes.table((shapes.XL_K + ".oft_blocks", (4, 8, 8))), "LoCon",
        "SDXL 1.0", variant="OFT")
    put(at + "glora.safetensors", shapes.table(
        (shapes.XL_K + ".a1.weight", (2, 640)), (shapes.XL_K + ".a2.weight", (640, 2)),
        (shapes.XL_K + ".b1.weight", (2, 2048))), "LoCon", "SDXL 1.0", variant="GLoRA")
    put(at + "processor.safetensors", shapes.table(
        ("double_blocks.0.processor.qkv_lora1.down.weight", (2, 3072)),
        ("double_blocks.0.processor.qkv_lora1.up.weight", (9216, 2))), "LORA", "Flux.1 D")
    peft(folder, at + "peft/")


def peft(folder, at):
    layers = {
        "sd15": ("unet.down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k", 768, "SD 1.5"),
        "xl": ("unet.down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k", 2048,
               "SDXL 1.0"),
        "flow": ("transformer.single_transformer_blocks.0.attn.to_q", 3072, "Flux.1 D"),
        "three": ("transformer.transformer_blocks.0.attn.add_k_proj", 1536, "SD 3"),
        "w": ("diffusion_model.blocks.0.cross_attn.k", 5120, "Wan Video 14B t2v"),
        "w-self": ("diffusion_model.blocks.0.self_attn.q", 1536, "Wan Video 1.3B t2v"),
        "w-image": ("diffusion_model.blocks.0.cross_attn.k_img", 5120, "Wan Video"),
        "light": ("diffusion_model.transformer_blocks.0.attn2.to_k", 2048, "LTXV"),
        "hv": ("diffusion_model.double_blocks.0.img_mlp.fc1", 3072, "Hunyuan Video"),
        "q": ("transformer.transformer_blocks.0.attn.add_k_proj", 3072, "Qwen"),
        "z": ("diffusion_model.layers.0.attention.to_k", 3840, "ZImageTurbo"),
        "lumi": ("diffusion_model.layers.0.attention.to_k", 2304, "Lumina"),
    }
    for name, (layer, width, base) in layers.items():
        rows = [(layer, width, 64)]
        if name == "w-image":
            rows.append((layer.replace("k_img", "k"), width, 64))
            base = "Wan Video 14B i2v 480p"
        folder.tensors(f"{at}{name}.safetensors", shapes.peft(rows), "LORA", base)


def components(folder):
    put = folder.tensors
    put("vae/sd.safetensors", shapes.sd_vae(""), "VAE", "SD 1.5")
    put("vae/sdxl_vae.safetensors", shapes.sd_vae(""), "VAE", "SDXL 1.0")
    put("vae/ae.safetensors", shapes.sd_vae("", 16), "VAE", "Flux.1 D")
    put("vae/two.safetensors", shapes.sd_vae("", 32), "VAE", "Flux.2 D")
    put("vae/video.safetensors", shapes.table(("decoder.conv1.weight", (4, 16, 3, 3, 3)),
                                              ("decoder.middle.0.residual.0.gamma", (4, 1, 1, 1))),
        "VAE", "Wan Video")
    at = "controlnet/"
    put(at + "canny.safetensors", shapes.controlnet("control_model.", 768, shapes.SD_BLOCKS),
        "Controlnet", "SD 1.5", variant="ControlNet")
    put(at + "bare.safetensors", shapes.controlnet("", 1024, shapes.SD_BLOCKS), "Controlnet",
        "SD 2.1")
    put(at + "depth-xl.safetensors", {**shapes.diffusers_unet(2048, 1), **shapes.table(
        ("controlnet_cond_embedding.conv_in.weight", (4, 3, 3, 3)))}, "Controlnet", "SDXL 1.0")
    put(at + "control-lora.safetensors", {"lora_controlnet": ("F32", []), **shapes.table(
        ("input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight", (4, 2048)))}, "Controlnet",
        "SDXL 1.0", variant="Control-LoRA")
    put(at + "flow.safetensors", shapes.table(("controlnet_blocks.0.weight", (4, 3072)),
                                              ("controlnet_x_embedder.weight", (4, 64))),
        "Controlnet", "Flux.1 D")
    put(at + "t2i.safetensors", shapes.table(("adapter.body.0.in_conv.weight", (4, 320, 1, 1)),
                                             ("adapter.conv_in.weight", (4, 192, 3, 3))),
        "Controlnet", "SD 1.5", variant="T2I-Adapter")
    put(at + "ip-xl.safetensors", shapes.table(("image_proj.proj.weight", (4, 1280)),
                                               ("ip_adapter.1.to_k_ip.weight", (4, 2048))),
        "Controlnet", "SDXL 1.0", variant="IP-Adapter")
    put("embeddings/one.safetensors", shapes.embedding(768), "TextualInversion", "SD 1.5")
    put("embeddings/large.safetensors", {"clip_l": ("F32", [2, 768]), "clip_g": ("F32", [2, 1280])},
        "TextualInversion", "SDXL 1.0")
    clip = {name.removeprefix("x."): spec for name, spec in shapes.clip_l("x.").items()}
    put("text_encoders/clip.safetensors", clip, "TextEncoder", "")
    put("text_encoders/t5.safetensors", shapes.table(
        ("encoder.block.0.layer.0.SelfAttention.q.weight", (4, 4096))), "TextEncoder", "")
    put("clip_vision/h.safetensors", shapes.table(
        ("vision_model.encoder.layers.0.self_attn.k_proj.weight", (4, 1280))), "CLIPVision", "")
    put("animatediff/mm.safetensors", shapes.table(
        ("down_blocks.0." + shapes.MOTION, (320,)), ("down_blocks.3." + shapes.MOTION, (1280,))),
        "MotionModule", "SD 1.5")
    put("upscale_models/swin.safetensors", shapes.SWINIR, "Upscaler", "Upscaler", variant="SwinIR")
    put("other/unknown.safetensors", shapes.table(("weights", (3, 4, 5))), "Other", "")


def ggufs(folder):
    flow = {name: ("F32", shape) for name, (_, shape) in shapes.flux().items()}
    flow["double_blocks.0.img_attn.qkv.weight"] = ("Q8_0", [4, 3072])
    folder.add("unet/flow-q8.gguf", writers.gguf(flow, {
        "general.architecture": "flux", "general.file_type": 7}), "UNet", "Flux.1 D",
        format="GGUF", quant="Q8_0")
    folder.add("unet/flow-q4.gguf", writers.gguf(
        {**flow, "double_blocks.0.img_attn.qkv.weight": ("Q4_K", [64, 3072])},
        {"general.architecture": "flux"}, version=2), "UNet", "Flux.1 D", format="GGUF",
        quant="Q4_K")
    # ggml knows four dimensions, so the fifth is kept beside.
    folded = {"patch_embedding.weight": ("F16", [5120, 36, 1, 4]),
              "head.modulation": ("F32", [1, 2, 8])}
    folder.add("unet/w-22.gguf", writers.gguf(folded, {
        "general.architecture": "wan", "general.file_type": 1,
        "comfy.gguf.orig_shape.patch_embedding.weight": [5120, 36, 1, 2, 2]}), "UNet",
        "Wan Video 2.2 I2V-A14B", format="GGUF", quant="F16")
    llm = {"token_embd.weight": ("F16", [8, 64]), "blk.0.attn_q.weight": ("Q4_0", [8, 64])}
    folder.add("text_encoders/talk.gguf", writers.gguf(llm, {
        "general.architecture": "qwen3", "general.file_type": 2}), "LLM", "", format="GGUF",
        quant="Q4_0")
    t5 = {"enc.blk.0.attn_q.weight": ("Q8_0", [8, 64])}
    folder.add("text_encoders/t5.gguf", writers.gguf(t5, {"general.architecture": "t5encoder"}),
               "TextEncoder", "", format="GGUF", quant="Q8_0")


def pickles(folder):
    def put(name, data, kind, base, verdict="safe", **more):
        folder.add(name, data, kind, base, "PickleTensor", verdict, **more)

    sd1 = writers.state_dict(shapes.sd1())
    whole = {"state_dict": sd1, "global_step": 840000, "epoch": 3}
    put("checkpoints/sd15-zip.ckpt", writers.torch_zip(writers.torch_entries(whole)), "Checkpoint",
        "SD 1.5", precision="fp16")
    put("checkpoints/sd15-zip4.ckpt", writers.torch_zip(writers.torch_entries(whole, 4)),
        "Checkpoint", "SD 1.5")
    put("checkpoints/sd15-old.ckpt", writers.torch_legacy(whole), "Checkpoint", "SD 1.5")
    lightning = {**whole, "callbacks": {writers.stand_in(
        "pytorch_lightning.callbacks.model_checkpoint", "ModelCheckpoint",
        writers.make_class): {"best": 0.5}}}
    put("checkpoints/sd15-lightning.ckpt", writers.torch_zip(writers.torch_entries(lightning)),
        "Checkpoint", "SD 1.5", "unknown_import", code="unknown_import")
    put("loras/one.pt", writers.torch_zip(writers.torch_entries(
        writers.state_dict(shapes.SD1_LORA))), "LORA", "SD 1.5")
    vector = writers.Tensor(writers.Storage("F32", "0", 1536), (2, 768))
    inversion = {"string_to_token": {"*": 265}, "string_to_param": {"*": writers.Parameter(vector)},
                 "name": "mine", "step": 500}
    put("embeddings/old.pt", writers.torch_zip(writers.torch_entries(inversion)),
        "TextualInversion", "SD 1.5")
    put("embeddings/older.bin", writers.torch_legacy({"<cat>": writers.Tensor(
        writers.Storage("F32", "9", 768), (768,))}), "TextualInversion", "SD 1.5")
    put("upscale_models/real.pth", writers.torch_zip(writers.torch_entries(
        {"params_ema": writers.state_dict(shapes.ESRGAN)})), "Upscaler", "Upscaler",
        variant="ESRGAN")
    put("upscale_models/old.pth", writers.torch_legacy(writers.state_dict(shapes.OLD_ESRGAN)),
        "Upscaler", "Upscaler", variant="ESRGAN")
    put("upscale_models/compact.pth", writers.torch_zip(writers.torch_entries(
        {"params": writers.state_dict(shapes.COMPACT)})), "Upscaler", "Upscaler",
        variant="Compact")
    layer = writers.Tensor(writers.Storage("F32", "1", 1536), (2, 768))
    hyper = {768: [{"linear.0.weight": layer}, {"linear.0.weight": layer}], "name": "h",
             "sd_checkpoint": "x"}
    put("hypernetworks/h.pt", writers.torch_zip(writers.torch_entries(hyper)), "Hypernetwork",
        "SD 1.5")


def hostile(folder):
    for name, data, verdict, code in hostile_files(shapes.SD1_LORA):
        folder.add("hostile/" + name, data, None, None, None, verdict, code=code)


def make(path):
    folder = Folder(path)
    for part in (checkpoints, diffusion_models, adapters, components, ggufs, pickles, hostile):
        part(folder)
    (path / "expected.json").write_text(json.dumps(folder.expected, indent=1) + "\n")
    return folder.expected


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(f"{len(make(pathlib.Path(sys.argv[1])))} files")
