"""Tensor tables of the model families, cut down to what tells them apart.

Names and the widths that matter are real; the other dimensions are 1, so that a whole corpus
stays below a few megabytes. A table maps a name to (dtype, shape).
"""

DIFFUSION = "model.diffusion_model."


def table(*rows, dtype="F16"):
    return {name: (dtype, list(shape)) for name, shape in rows}


def under(prefix, tensors):
    return {prefix + name: spec for name, spec in tensors.items()}


def unet(context, blocks, channels=4, label=None, depth=1):
    rows = [("input_blocks.0.0.weight", (4, channels, 3, 3)), ("out.2.weight", (4, 4, 3, 3)),
            ("time_embed.0.weight", (4, 320))]
    for block in blocks:
        for layer in range(depth if block.startswith("7.") else 1):
            stem = f"input_blocks.{block}.transformer_blocks.{layer}."
            rows += [(stem + "attn1.to_k.weight", (4, 320)),
                     (stem + "attn2.to_k.weight", (4, context)),
                     (stem + "attn2.to_v.weight", (4, context))]
    if label:
        rows.append(("label_emb.0.0.weight", (4, label)))
    return table(*rows)


SD_BLOCKS = ["1.1", "2.1", "4.1", "5.1", "7.1", "8.1"]
XL_BLOCKS = ["4.1", "5.1", "7.1", "8.1"]


def sd_vae(prefix="first_stage_model.", channels=4):
    return under(prefix, table(("decoder.conv_in.weight", (8, channels, 3, 3)),
                               ("encoder.conv_in.weight", (8, 3, 3, 3)),
                               ("decoder.conv_out.weight", (3, 8, 3, 3))))


def clip_l(prefix="cond_stage_model.transformer."):
    return under(prefix, table(
        ("text_model.embeddings.token_embedding.weight", (8, 768)),
        ("text_model.encoder.layers.0.self_attn.k_proj.weight", (8, 768))))


def sd1(channels=4, **more):
    return {**under(DIFFUSION, unet(768, SD_BLOCKS, channels)), **sd_vae(), **clip_l(), **more}


def sd2(label=None):
    text = under("cond_stage_model.model.", table(
        ("transformer.resblocks.0.attn.in_proj_weight", (8, 1024))))
    return {**under(DIFFUSION, unet(1024, SD_BLOCKS, label=label)), **sd_vae(), **text}


def sdxl(channels=4, label=2816, depth=10):
    text = {**clip_l("conditioner.embedders.0.transformer."),
            **under("conditioner.embedders.1.model.", table(
                ("transformer.resblocks.0.attn.in_proj_weight", (8, 1280))))}
    return {**under(DIFFUSION, unet(2048, XL_BLOCKS, channels, label, depth)), **sd_vae(), **text}


def refiner():
    return {**under(DIFFUSION, unet(1280, XL_BLOCKS, label=2560)), **sd_vae()}


def diffusers_unet(context, block):
    return table(("conv_in.weight", (4, 4, 3, 3)), ("conv_out.weight", (4, 4, 3, 3)),
                 (f"down_blocks.{block}.attentions.0.transformer_blocks.0.attn2.to_k.weight",
                  (4, context)))


def flux(guidance=True, image=64, text=4096, extra=()):
    rows = [("double_blocks.0.img_attn.norm.key_norm.scale", (128,)),
            ("double_blocks.0.img_attn.qkv.weight", (4, 3072)),
            ("single_blocks.0.linear1.weight", (4, 3072)),
            ("img_in.weight", (4, image)), ("txt_in.weight", (4, text)), *extra]
    if guidance:
        rows.append(("guidance_in.in_layer.weight", (4, 256)))
    return table(*rows, dtype="BF16")


def flux_diffusers():
    return table(("single_transformer_blocks.0.attn.norm_k.weight", (128,)),
                 ("transformer_blocks.0.attn.norm_added_k.weight", (128,)),
                 ("x_embedder.weight", (4, 64)), ("context_embedder.weight", (4, 4096)),
                 ("time_text_embed.guidance_embedder.linear_1.weight", (4, 256)), dtype="BF16")


def sd3(hidden, second=False):
    rows = [("joint_blocks.0.context_block.attn.qkv.weight", (6, hidden)),
            ("x_embedder.proj.weight", (hidden, 1, 2, 2))]
    if second:
        rows.append(("joint_blocks.0.x_block.attn2.qkv.weight", (6, hidden)))
    return table(*rows)


def wan(width, channels, image=False):
    rows = [("patch_embedding.weight", (width, channels, 1, 2, 2)), ("head.modulation", (1, 2, 8)),
            ("blocks.0.cross_attn.k.weight", (2, 8))]
    if image:
        rows.append(("img_emb.proj.0.bias", (8,)))
    return table(*rows, dtype="F8_E4M3")


TRANSFORMERS = {
    "auraflow": (table(("double_layers.0.attn.w1q.weight", (4, 3072)),
                       ("register_tokens", (1, 8, 3072))), "AuraFlow"),
    "hunyuan_video": (table(("txt_in.individual_token_refiner.blocks.0.norm1.weight", (64,)),
                            ("double_blocks.0.img_attn.norm.key_norm.scale", (128,)),
                            ("img_in.proj.weight", (8, 16, 1, 2, 2))), "Hunyuan Video"),
    "ltxv": (table(("adaln_single.emb.timestep_embedder.linear_1.bias", (64,)),
                   ("patchify_proj.weight", (8, 128))), "LTXV"),
    "ltx2": (table(("adaln_single.emb.timestep_embedder.linear_1.bias", (64,)),
                   ("audio_adaln_single.emb.timestep_embedder.linear_1.bias", (64,)),
                   ("patchify_proj.weight", (8, 128))), "LTXV2"),
    "mochi": (table(("t5_yproj.weight", (8, 4096)), ("blocks.0.attn.qkv_x.weight", (8, 64))),
              "Mochi"),
    "cogvideox": (table(("patch_embed.text_proj.weight", (8, 4096)),
                        ("patch_embed.proj.weight", (8, 16, 2, 2))), "CogVideoX"),
    "pixart_alpha": (table(("t_block.1.weight", (8, 64)),
                           ("y_embedder.y_embedding", (120, 8))), "PixArt a"),
    "pixart_sigma": (table(("t_block.1.weight", (8, 64)),
                           ("y_embedder.y_embedding", (300, 8))), "PixArt E"),
    "lumina2": (table(("cap_embedder.1.weight", (2304, 8)),), "Lumina"),
    "zimage": (table(("cap_embedder.1.weight", (3840, 8)),), "ZImageTurbo"),
    "qwen_image": (table(("transformer_blocks.0.attn.add_q_proj.weight", (8, 3072)),
                         ("txt_norm.weight", (3584,))), "Qwen"),
    "hidream": (table(("caption_projection.0.linear.weight", (8, 4096)),), "HiDream"),
    "anima": (table(("llm_adapter.blocks.0.cross_attn.q_proj.weight", (8, 64)),), "Anima"),
    "cascade_c": (table(("clip_txt_mapper.weight", (8, 1280)),), "Stable Cascade"),
    "cascade_b": (table(("clip_mapper.weight", (8, 1280)),), "Stable Cascade"),
    "hunyuan_dit": (table(("mlp_t5.0.weight", (8, 2048)),), "Hunyuan 1"),
    "ace_step": (table(("genre_embedder.weight", (8, 512)),), "ACE Audio"),
}


def lora(layers, rank=2, kernel=None, down=".lora_down.weight", up=".lora_up.weight", alpha=True):
    """layers: (name, in, out). `kernel` makes the down matrices convolutions."""
    rows = []
    for name, inner, outer in layers:
        tail = (kernel, kernel) if kernel else ()
        rows += [(name + down, (rank, inner, *tail)), (name + up, (outer, rank))]
        if alpha:
            rows.append((name + ".alpha", ()))
    return table(*rows)


def peft(layers):
    return lora(layers, down=".lora_A.weight", up=".lora_B.weight", alpha=False)


SD_K = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k"
XL_K = "lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k"
TEXT_Q = "lora_te_text_model_encoder_layers_0_self_attn_q_proj"
FLUX_QKV = "lora_unet_double_blocks_0_img_attn_qkv"

SD1_LORA = lora([(SD_K, 768, 320), (TEXT_Q, 768, 768)])
SD2_LORA = lora([(SD_K, 1024, 320), (TEXT_Q, 1024, 1024)])
XL_LORA = lora([(XL_K, 2048, 640), (TEXT_Q.replace("te_", "te1_"), 768, 768),
                (TEXT_Q.replace("te_", "te2_"), 1280, 1280)])
FLUX_LORA = lora([(FLUX_QKV, 3072, 9216), ("lora_unet_single_blocks_0_linear1", 3072, 21504)])


def loha(name, inner, outer, rank=2):
    return table((name + ".hada_w1_a", (outer, rank)), (name + ".hada_w1_b", (rank, inner)),
                 (name + ".hada_w2_a", (outer, rank)), (name + ".hada_w2_b", (rank, inner)),
                 (name + ".alpha", ()))


def lokr(name, first, second, rank=2):
    """first, second: (out, in) of the two factors; the second is decomposed."""
    return table((name + ".lokr_w1", first), (name + ".lokr_w2_a", (second[0], rank)),
                 (name + ".lokr_w2_b", (rank, second[1])), (name + ".alpha", ()))


def dora(base, name, outer):
    return {**base, **table((name + ".dora_scale", (outer, 1)))}


def controlnet(prefix, context, blocks):
    return under(prefix, {**unet(context, blocks), **table(
        ("zero_convs.0.0.weight", (4, 4, 1, 1)), ("input_hint_block.0.weight", (4, 3, 3, 3)))})


def embedding(width, vectors=2):
    return {"emb_params": ("F32", [vectors, width])}


ESRGAN = table(("conv_first.weight", (4, 3, 3, 3)), ("body.0.rdb1.conv1.weight", (4, 4, 3, 3)),
               ("conv_last.weight", (3, 4, 3, 3)), dtype="F32")
OLD_ESRGAN = table(("model.0.weight", (4, 3, 3, 3)),
                   ("model.1.sub.0.RDB1.conv1.0.weight", (4, 4, 3, 3)), dtype="F32")
COMPACT = table(("body.0.weight", (4, 3, 3, 3)), ("body.1.weight", (4,)),
                ("body.2.weight", (4, 4, 3, 3)), dtype="F32")
SWINIR = table(("conv_first.weight", (4, 3, 3, 3)),
               ("layers.0.residual_group.blocks.0.attn.qkv.weight", (4, 4)), dtype="F32")
MOTION = "motion_modules.0.temporal_transformer.norm.weight"
