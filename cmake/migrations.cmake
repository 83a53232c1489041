# The SQL files of migrations/, embedded in one library: a name, a beginning and an end each. The
# assembler reads the files, so a changed one is assembled again without configuring.
function(atelier_embed_migrations target)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/migrations/*.sql)
  list(SORT files)
  set(bytes "")
  set(rows "")
  foreach(file ${files})
    get_filename_component(name ${file} NAME_WE)
    string(APPEND bytes "n_${name}: .asciz \"${name}\"\n"
      "b_${name}: .incbin \"${file}\"\ne_${name}:\n")
    string(APPEND rows "  .quad n_${name}, b_${name}, e_${name}\n")
  endforeach()
  set(source ${CMAKE_BINARY_DIR}/generated/migrations.S)
  file(GENERATE OUTPUT ${source} CONTENT "  .section .rodata
${bytes}
  .section .data.rel.ro,\"aw\"
  .balign 8
  .global atelier_embedded_migrations
atelier_embedded_migrations:
${rows}  .quad 0, 0, 0
  .section .note.GNU-stack,\"\",%progbits
")
  set_source_files_properties(${source} PROPERTIES GENERATED TRUE OBJECT_DEPENDS "${files}")
  target_sources(${target} PRIVATE ${source})
endfunction()

atelier_embed_migrations(platform)
