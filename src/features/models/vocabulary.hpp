#pragma once
#include <boost/describe.hpp>
#include <span>
#include <string>
#include <string_view>

/// The catalogue's fixed words, spelled as Civitai's API spells them (civitai.md §9, §10.7).
namespace atelier::models {

enum class ModelType : unsigned char {
  Checkpoint, TextualInversion, Hypernetwork, AestheticGradient, LORA, LoCon, DoRA, Controlnet,
  Upscaler, MotionModule, VAE, TextEncoder, UNet, CLIPVision, Poses, Wildcards, Workflows,
  ComfyWorkflows, Detection, VisionLanguage, CLIP, LLM, Other,
};
BOOST_DESCRIBE_ENUM(ModelType, Checkpoint, TextualInversion, Hypernetwork, AestheticGradient, LORA,
                    LoCon, DoRA, Controlnet, Upscaler, MotionModule, VAE, TextEncoder, UNet,
                    CLIPVision, Poses, Wildcards, Workflows, ComfyWorkflows, Detection,
                    VisionLanguage, CLIP, LLM, Other)

enum class Status : unsigned char { Draft, Scheduled, Published, Unpublished };
BOOST_DESCRIBE_ENUM(Status, Draft, Scheduled, Published, Unpublished)
enum class Mode : unsigned char { Archived, TakenDown };
BOOST_DESCRIBE_ENUM(Mode, Archived, TakenDown)
/// Who may see a published model.
enum class Availability : unsigned char { Public, Members, Private };
BOOST_DESCRIBE_ENUM(Availability, Public, Members, Private)
enum class CheckpointType : unsigned char { Trained, Merge };
BOOST_DESCRIBE_ENUM(CheckpointType, Trained, Merge)
enum class CommercialUse : unsigned char { None, Image, RentCivit, Rent, Sell };
BOOST_DESCRIBE_ENUM(CommercialUse, None, Image, RentCivit, Rent, Sell)
enum class BaseModelType : unsigned char { Standard, Inpainting, Refiner, Pix2Pix };
BOOST_DESCRIBE_ENUM(BaseModelType, Standard, Inpainting, Refiner, Pix2Pix)
enum class UsageControl : unsigned char { Download, Generation, InternalGeneration };
BOOST_DESCRIBE_ENUM(UsageControl, Download, Generation, InternalGeneration)
enum class Visibility : unsigned char { Public, Private };
BOOST_DESCRIBE_ENUM(Visibility, Public, Private)

/// Names with spaces are plain texts checked against these lists.
std::span<const std::string_view> base_models();         ///< all that are understood
std::span<const std::string_view> active_base_models();  ///< offered in pickers
std::span<const std::string_view> file_types();          ///< "Model", "Text Encoder", …
std::span<const std::string_view> file_formats();        ///< "SafeTensor", "Core ML", …
bool contains(std::span<const std::string_view> words, std::string_view word);

}  // namespace atelier::models
