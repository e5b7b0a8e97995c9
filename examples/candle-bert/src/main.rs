//! The vector of a text by a BERT model of Sentence Transformers, on candle: the mean over its tokens, of length 1.
//!
//! A program for the backend `candle`: it reads `config.json`, `tokenizer.json` and `model.safetensors` from a folder,
//! the text from a file, and prints the vector as JSON.

use anyhow::{Error, Result};
use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config, DTYPE};
use clap::Parser;
use std::{fs, path::PathBuf};
use tokenizers::{Tokenizer, TruncationParams};

#[derive(Parser)]
struct Args {
    /// Folder of the model's files.
    #[arg(long)]
    model: PathBuf,
    /// File with the text.
    #[arg(long)]
    input: PathBuf,
    #[arg(long, default_value_t = 1)]
    threads: usize,
}

fn main() -> Result<()> {
    let args = Args::parse();
    rayon::ThreadPoolBuilder::new().num_threads(args.threads).build_global()?;
    let text = fs::read_to_string(&args.input)?;
    let vector = embed(&args.model, &text)?;
    println!("{}", serde_json::to_string(&vector)?);
    Ok(())
}

fn embed(folder: &std::path::Path, text: &str) -> Result<Vec<f32>> {
    let device = Device::Cpu;
    let config: Config = serde_json::from_str(&fs::read_to_string(folder.join("config.json"))?)?;
    let max_length = config.max_position_embeddings;
    let weights = [folder.join("model.safetensors")];
    // Safe as long as nobody changes the file meanwhile: a bundle never changes.
    let variables = unsafe { VarBuilder::from_mmaped_safetensors(&weights, DTYPE, &device)? };
    let model = BertModel::load(variables, &config)?;
    let mut tokenizer = Tokenizer::from_file(folder.join("tokenizer.json")).map_err(Error::msg)?;
    let truncation = TruncationParams { max_length, ..Default::default() };
    tokenizer.with_padding(None).with_truncation(Some(truncation)).map_err(Error::msg)?;
    let tokens = tokenizer.encode(text, true).map_err(Error::msg)?;
    let ids = Tensor::new(tokens.get_ids(), &device)?.unsqueeze(0)?;
    let states = model.forward(&ids, &ids.zeros_like()?, None)?.to_dtype(DType::F32)?;
    let mean = states.mean(1)?.squeeze(0)?;
    let length = mean.sqr()?.sum_all()?.sqrt()?;
    Ok(mean.broadcast_div(&length)?.to_vec1()?)
}
