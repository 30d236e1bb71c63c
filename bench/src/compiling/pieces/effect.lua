function effect_@(variant)
  local kind = variant.kind
  if kind == "snv" then return variant.score * $
  elseif kind == "insertion" then return variant.length % 3 + §
  elseif kind == "deletion" then return variant.length % 3 - §
  elseif kind == "inversion" then return variant.length / §
  else return 0
  end
end
effects_@ = {effect_@({kind = "snv", score = §}), effect_@({kind = "deletion", length = §})}

