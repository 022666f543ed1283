"""What brands, their ERPs and other shops' exports call the columns: the headers that are understood.

Names in English and simplified Chinese; traditional characters are read as simplified ones (`han`).
A `WEAK` name may mean other things, too: it counts where no better header means the column, and
where the cells below could be of that column. `KNOWN` are headers that are understood and that a
catalogue has no place for. They are the headers that sheets of Kela, Tongling, HERA and Brilliant
Earth and exports of Shopify, WooCommerce, Google Merchant and Meta were seen to have, and others of
their kind; no list of one authority stands behind them.
"""

from __future__ import annotations

from collections.abc import Mapping

_HEADERS = """
product_code: product; product id; product no; product number; product ref; product reference; style no
    style; style number; style code; style id; style ref; design no; design number; design code; design id
    design; model no; model number; model code; model ref; parent sku; parent code; master sku; master code
    collection no; item group id; item style; master style; ref; ref no; reference; reference no
    reference number; 款号; 款式编号; 款式号; 款式编码; 款式代码; 款式型号; 款式款号; 产品编号; 产品编码
    产品代码; 产品型号; 产品号; 产品款号; 商品款号; 货品款号; 公司款号; 工厂款号; 设计款号; 设计编号; 原款号
    主款号; 母款号; 款码; 款式no; 模号款号; 版号; spu; spu编码; spu编号; spu码; spu id; 父sku; 主商品编码
sku: variant; variant id; variant code; item no; item number; item code; item id; item ref; item #
    article; article no; article number; article code; sku code; sku no; sku number; sku id; sku #; sku ref
    seller sku; merchant sku; variant sku; child sku; stock no; stock number; stock code; stock id
    inventory no; serial no; serial number; piece no; piece id; tag no; unique id; 货号; 编号; 商品货号
    产品货号; 货品编号; 货品编码; 货品号; 货品代码; sku编码; sku码; sku编号; sku号; 系统sku码; 系统sku
    商家编码; 商家sku; 商品sku; 子sku; 规格编码; 规格编号; 单品编码; 单品编号; 件号; 库存编号; 库存编码
    饰品编号; 饰品编码; 首饰编号; 货码; 物料编码; 物料编号; 物料号
kind: type; category; piece; product type; product category; item type; item category; piece type
    jewelry type; jewellery type; jewelry category; jewellery category; sub category; subcategory
    article type; ornament type; style category; product kind; 类别; 种类; 品类; 分类; 款式分类; 款式类别
    款式大类; 款式类型; 商品分类; 商品类别; 商品类型; 商品品类; 商品种类; 产品分类; 产品类别; 产品类型; 产品种类
    产品品类; 货品分类; 货品类别; 货品类型; 货品种类; 饰品类别; 饰品类型; 饰品种类; 饰品分类; 饰品品类; 首饰类别
    首饰类型; 首饰种类; 首饰分类; 首饰品类; 品种; 饰品; 饰品名; 小类; 款类; 形态; 品类名称; 类别名称; 分类名称
name_en: name; title; product name; product title; item name; item title; piece name; style name
    design name; model name; name english; english title; title en; en name; display name; article name
    product description short; 英文品名; 英文标题; 英文款名; 英文商品名; 英文商品名称; 英文产品名称; 英文货品名称
description_en: description; product description; long description; item description; details; body
    story; copy; marketing copy; body html; english copy; 英文文案; 英文介绍; 英文详情; 英文商品描述
name_zh_hans: 名称; 品名; 商品名称; 商品名; 产品名称; 产品名; 货品名称; 货品名; 款名; 款式名称; 饰品名称; 首饰名称
    中文名称; 中文名; 中文品名; 中文商品名称; 中文产品名称; 商品标题; 产品标题; 标题; 宝贝标题; 中文标题; 名字; 品名称
    chinese name; name chinese; name cn; cn name; name zh; zh name; chinese title; title zh; title cn
description_zh_hans: 描述; 说明; 商品描述; 商品说明; 产品描述; 产品说明; 详情; 商品详情; 产品详情; 介绍; 产品介绍
    商品介绍; 文案; 卖点; 中文描述; 中文说明; 中文文案; 设计理念; 设计说明; 寓意; chinese description
    description cn; description zh; description chinese
collection: series; line; range; product line; 系列; 系列名称; 产品系列; 商品系列; 所属系列; 产品线; 系列名
alloy: metal; material; metal type; metal name; metals; metal quality; metal alloy; alloy type
    alloy name; material type; base metal; metal kind; gold type; main material; primary metal
    metal stamp; metal and purity; 材质; 金属; 金属材质; 金属类型; 金属种类; 贵金属; 贵金属材质; 主材质; 主材
    材料; 金料; 材质成色; 成色材质; 金属成色; 金料成色; 主金属; 主体材质; 主材料; 材质名称; 材质类型; 镶嵌材质; 金属名称
    产品材质; 商品材质; 饰品材质; 首饰材质; 金属料; 料种; 金种; 金属品种
fineness: fineness; purity; metal purity; gold purity; karat; kt; gold karat; metal karat; metal kt
    karatage; gold kt; carat gold; gold carat; metal fineness; gold quality; 成色; 主成色; 纯度; 金属纯度
    含金量; 贵金属含量; 贵金属纯度; 金成色; 主体成色; 黄金成色; k数; 含量; 主料成色; 成色名称
alloy_colour: metal colour; metal color; gold colour; gold color; alloy color; alloy colour; tone
    metal tone; gold tone; 金色; 金属颜色; 材质颜色; 金料颜色; 金属色; 成色颜色; k金颜色; 金颜色; 主体颜色; 电镀颜色金
grams: weight; metal weight; net weight; gold weight; nett weight; net wt; nett wt; net gold weight
    metal wt; gold wt; net metal weight; metal net weight; gold net weight; weight net; weight in grams
    weight grams; grams weight; gram weight; metal weight grams; net grams; netto; nw; 18k weight
    average metal weight; approx metal weight; metal gram weight; 金重; 净重; 克重; 净金重; 金净重; 主金重
    主成色金重; 金料重; 金料重量; 金属重量; 金属重; 金属净重; 贵金属重量; 贵金属重; 贵金属净重; 黄金重量; 黄金克重
    净金重量; 金重量; 净料重; 料重; 主料重; 主材重; 材质重量; 主材质重量; 主材重量; 金净重量; 折合金重
alloy_2: metal 2; second metal; secondary metal; material 2; other metal; 材质2; 副材质; 副材; 第二材质; 次材质
    副成色; 次成色; 配件材质; 副金属; 第二金属; 辅材质; 金属2
grams_2: weight 2; metal weight 2; second metal weight; secondary metal weight; 金重2; 克重2; 副金重
    次金重; 副成色金重; 次成色金重; 配件金重; 副材重; 副材重量; 第二金重; 副材质重量; 副料重
total_grams: gross weight; total weight; gross wt; total wt; gross weight grams; total gram weight
    gross; gw; item weight; piece weight; product weight; 总重; 毛重; 货重; 总重量; 件重; 整件重量; 总件重; 连石重
    含石重; 总质量; 商品重量; 产品重量; 货品重量; 单件重量; 成品重; 成品重量; 饰品重量
finish: surface; surface finish; finishing; metal finish; 表面; 表面工艺; 表面处理; 表面处理工艺; 工艺; 制作工艺
    抛光; 工艺类型; 金属工艺
plating: plated; plating type; plating color; plating colour; coating; 电镀; 镀层; 镀金; 镀色; 电镀色; 电镀颜色
    电金; 电色; 镀层材质; 表面镀层
ring_size: ring sizes; finger size; us ring size; sizes; available sizes; size range; 戒圈; 手寸; 指圈; 圈号
    戒指尺寸; 戒指圈号; 戒指号; 戒指手寸; 戒圈号; 指圈号; 戒号; 戒指圈口; 手寸号; 戒指尺码; 戒指大小; 手寸大小
    戒指规格; 手号; 号数
ring_size_system: size system; ring size system; ring size standard; size standard; size type
    size region; 手寸标准; 圈号制式; 圈口标准; 尺码标准; 手寸制式; 手寸类型; 尺寸标准; 圈号标准; 尺码体系; 戒指尺码标准
inner_diameter_mm: inner diameter; inside diameter; internal diameter; diameter; inner dia; 内径; 内直径
    圈口内径; 直径; 内圈直径; 内圈; 手镯内径; 镯内径
width_mm: width; band width; overall width; product width; ring width; 宽; 宽度; 戒面宽; 面宽; 产品宽度; 最大宽度
    戒臂宽; 圈宽
height_mm: height; overall height; product height; 高; 高度; 产品高度; 最大高度
depth_mm: depth; thickness; band thickness; 厚; 厚度; 产品厚度; 最大厚度
length_mm: length; chain length; necklace length; bracelet length; overall length; product length
    total length; 长; 长度; 链长; 链子长度; 项链长度; 手链长度; 链条长度; 总长; 总长度; 产品长度; 链长度; 周长
hallmarks: hallmark; marks; hallmark stamp; stamp; stamps; stamping; marking; punch mark; 印记; 字印; 钢印
    打标; 刻印; 印鉴; 金属印记; 产品印记; 印记内容
origin: country of origin; made in; country; country of manufacture; origin country; coo
    manufacturing country; place of origin; 产地; 原产地; 产品产地; 原产国; 制造国; 生产国; 生产地; 制造地; 产地国
    商品产地; 国家产地
hs_code: hs; tariff code; customs code; hts; hts code; hsn; hsn code; commodity code; tariff number
    harmonized code; harmonised code; harmonized system code; customs tariff; 海关编码; 税则号; hs编码; 海关商品编码
    税号; hs编号; 海关编号; 税则号列; 海关hs编码; 报关编码; 海关税号
certificates: certificate; certificate no; certificate number; certificate #; cert; cert no; cert number
    certificate id; lab report; certification; certifications; certificate details; grading report
    certificate ref; 证书; 证书号; 证书编号; 证书号码; 鉴定证书; 鉴定证书号; 鉴定证书编号; 检测证书; 检测证书号; 国检证书
    质检证书; 证书类型编号; 主证书号; 主证书; 鉴定书; 鉴定号; 检验编号; 检测编号
substances: contains; allergens; hazardous substances; 有害物质; 限用物质; 含有物质
stock: qty; quantity; inventory; stock quantity; stock qty; qty in stock; quantity in stock; in stock
    on hand; qty on hand; on hand qty; available; available qty; available quantity; available stock
    inventory quantity; inventory qty; stock level; stock on hand; units; pieces in stock; pcs
    库存; 库存数量; 库存数; 库存量; 现货; 现货数量; 现货数; 可用库存; 可售库存; 可卖库存; 结存数量; 结存数; 在库数量
    当前库存; 实际库存; 商品库存; 剩余库存; 可用数量; 现有库存; 现存量; 可用量
made_to_order_days: lead time; lead days; lead time days; production days; production time
    production lead time; delivery days; days to make; handling time; processing time; turnaround
    turnaround days; make time; 工期; 交期; 交货期; 定制天数; 订制天数; 生产周期; 制作周期; 定制周期; 货期; 出货期
    交货天数; 制作天数; 生产天数; 定制工期; 交货周期; 出货天数; 制作工期
engraving_max: engraving; engraving letters; max engraving; engraving characters; 刻字; 刻字上限; 刻字数; 可刻字数
    刻字字数; 最多刻字
model_file: model; cad file; 3d file; cad; 3d model; 3d model file; stl file; stl; model name file; 3dm
    模型文件; 模型文档; 模型; 3d文件; 3d模型; cad文件; cad图; 起版文件; 3d图档; 3d图; 模型档案
pictures: image; images; picture; pictures; photo; photos; pic; pics; image url; image link; image src
    image urls; main image; image 1; image name; image file; photo url; picture url; thumbnail; img
    additional image link; 图片; 图; 照片; 图片地址; 图片链接; 主图; 产品图片; 商品图片; 款式图片; 款图; 实物图; 图样
    产品图; 商品图; 图片名称; 图片1; 样图; 图像; 首图
markets: market; sell in; sales markets; selling markets; sell to; target markets; target market
    countries; sales countries; sell countries; destinations; regions; 市场; 销售市场; 目标市场; 销售国家; 销售地区
    可售国家; 上架国家; 上架市场; 发售市场; 出口国家; 出口市场; 目标国家; 可售市场; 可售地区
currency: ccy; currency code; price currency; curr; 币种; 货币; 币别; 货币单位; 货币代码; 结算币种; 价格币种
    货币种类; 币制; 计价币种; 货币类型
making_kind: making charge type; making type; labour type; labor type; 工费方式; 工费类型; 工费计算方式; 计费方式
    工费计价方式; 工费单位; 计价方式
making: making charge; labour; labor; labour charge; labor charge; making charges; workmanship
    making fee; labour cost; labor cost; craft fee; 工费; 加工费; 手工费; 基本工费; 人工费; 加工工费; 工艺费; 人工
    手工; 销售工费; 批发工费
stones_price: stone price; stones cost; stone cost; stone amount; stone value; gemstone price
    diamond price; 石价; 宝石价格; 石料价; 石料费; 钻石价格; 石头价; 石款; 石额; 石金额; 石费
setting_price: setting cost; setting fee; setting charge; setting labour; 镶工; 镶工费; 镶石工费; 镶石费; 镶嵌费
    镶嵌工费
finish_price: finish cost; finishing cost; finishing fee; plating cost; 表面费; 表面处理费; 电金费; 电镀费; 执模费
fixed_price: price; selling price; sale price; sales price; retail price; list price; unit price; rrp
    msrp; srp; recommended retail price; suggested retail price; retail; regular price; sell price
    final price; tag price; ticket price; label price; sticker price; store price; shop price; web price
    online price; website price; item price; product price; full price; standard price; catalogue price
    catalog price; price amount; price each; public price; consumer price; market price; pos price
    manufacturer suggested retail price; 一口价; 售价; 销售价; 零售价; 价格; 单价; 定价; 标价; 吊牌价; 建议零售价
    市场价; 挂牌价; 零售价格; 销售价格; 标签价; 标签价格; 吊牌价格; 牌价; 门市价; 门店价; 公价; 统一零售价; 指导价
    指导零售价; 官方指导价; 零售单价; 销售单价; 建议售价; 商品价格; 产品价格; 商品售价; 产品售价; 商品单价; 产品单价; 网店价
    线上价; 官网价; 柜台价; 专柜价; 零售标价; 销售标价; 售卖价; 标牌价; 标牌价格; 统一售价; 全国统一价; 全国统一零售价
engraving_price: engraving cost; engraving fee; engraving charge; 刻字费
price_floor: floor; minimum price; min price; floor price; price min; lowest price; 最低价; 底价; 最低售价; 最低零售价
price_ceiling: ceiling; maximum price; max price; price max; highest price; 最高价; 最高售价; 最高零售价; 封顶价
compare_at_price: compare at; was price; original price; before price; old price; strike price
    compare price; price before discount; crossed out price; 原价; 划线价; 原售价; 原零售价; 原销售价; 折前价
loss_percent: loss; wastage; gold loss; metal loss; loss %; wastage %; loss rate; 损耗; 损耗率; 金耗; 损耗百分比
    耗损; 金损; 火耗
margin_percent: margin; markup; mark up; profit margin; margin %; markup %; 加价率; 利润率; 毛利率; 加成率; 加价比例
    利润
"""
# These mean the column unless the cells below say otherwise, or a better header means it.
_WEAK = """
product_code: 商品编码; 商品编号; 商品代码; 商品号; 型号; handle; parent; parent id; group id; code; id; 款式; 编码; 代码
    product handle; 模号; 款
sku: 条码; 条形码; barcode; bar code; 商品条码; 货品条码; 条码号; 商品条形码; 产品条码; 标签号; 唯一码; 件码; rfid; uid
    no; number; 号码; 序列号; 商品id; 证件号; 单号; 流水号
kind: 大类; 款型; 款式名; 款式; 品名; 名称; 品名称; 货品名称; product; 中类; 类型; 商品大类; 产品大类; 货类
alloy: 成色; 质地; 材质名; purity; quality; material name; gold; 主石材质金; 材质类别; 料; 主成色
alloy_colour: color; colour; 颜色; 色; 颜色分类; 商品颜色; 产品颜色; colors; colours; 色系; color name; colour name
grams: 重量; 重; 克数; g; gram; grams; wt; weight g; 质量; 单重; weight gms; gms; gm
ring_size: size; 尺寸; 尺码; 圈口; 规格; 圈; 号; 大小; 码数; size name; 商品规格; 产品规格; 规格型号; 规格尺寸; 产品尺寸
    商品尺寸; 规格名称; dimensions; 手寸圈口; 尺寸规格
stock: 数量; 件数; 数; pieces; count; 总数量; 总件数; 实数; total qty
name_en: 款式名称; item
description_en: text; summary; short description; features; 卖点英文
made_to_order_days: days
origin: made; 国家
length_mm: chain; 尺寸长
fixed_price: retail value; value; 金额; 零售金额; 销售金额; 标价金额; 应收
making: 工价
"""
# Understood, and told so: a catalogue has no place for them.
_KNOWN = """
row: no; sl no; s no; sr no; sr; line; row; row no; line no; index; 序号; 序; 行号; 序列; 项次; 项目号
barcode: gtin; ean; upc; isbn; barcode; bar code; ean code; upc code; gtin code; 条码; 条形码; 商品条码
    商品条形码; 产品条码
brand: brand; brand name; vendor; manufacturer; maker; label; 品牌; 品牌名称; 商品品牌; 产品品牌; 厂商; 厂家
supplier: supplier; supplier name; supplier code; vendor code; 供应商; 供应商名称; 供应商编码; 供货商; 供应商款号; 工厂
    供应商货号
note: note; notes; remark; remarks; comment; comments; memo; internal note; 备注; 说明备注; 注; 备考; 附注
    备注说明; 其他; 其它
status: status; published; state; active; availability; condition; visibility; 状态; 上架状态; 是否上架; 货品状态
    商品状态; 库存状态; 销售状态; 在售状态
unit: unit; uom; unit of measure; 单位; 计量单位; 数量单位; 计价单位
date: date; created at; updated at; launch date; date added; release date; 日期; 上架日期; 上架时间; 入库日期; 创建时间
    上市时间; 上市日期; 更新时间; 入库时间; 录入时间; 制单日期; 上新时间
place: location; warehouse; store; branch; shop; counter; 仓库; 门店; 柜台; 分店; 所在门店; 所在仓库; 店铺; 库位; 仓位
    储位; 所在位置
tags: tags; keywords; labels; occasion; gender; age group; 标签; 关键词; 人群; 性别; 适用人群; 场合; 风格; 元素
    主题; 适用性别; 适用场合; 款式元素
stone_quality: clarity; stone color; stone colour; diamond color; diamond colour; diamond clarity; 净度
    钻石颜色; 钻石净度; 主石颜色; 主石净度; 副石颜色; 副石净度; 颜色净度; 石颜色; 宝石颜色; 荧光; 抛光对称; 主石颜色净度
    center stone color; center stone clarity; main stone color; main stone clarity; stone clarity
    side stone color; side stone clarity; fluorescence; polish symmetry; 颜色等级; 净度等级; 切工等级; 主石规格
    主石尺寸; stone size; stone dimensions; 石尺寸; 主石尺寸mm; 副石规格; 副石尺寸; center stone size; 石规格
link: link; url; product url; product link; website; video; video url; 链接; 网址; 视频; 商品链接
package: packaging; box; package; 包装; 包装盒; 盒子; 配件; accessories
"""


def _table(lines: str) -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    name = ""
    for line in filter(None, map(str.strip, lines.splitlines())):
        head, colon, rest = line.partition(":")
        if colon and head.replace("_", "").isalnum() and head.isascii():
            name, line = head, rest
        table.setdefault(name, []).extend(filter(None, map(str.strip, line.split(";"))))
    return {name: tuple(dict.fromkeys(words)) for name, words in table.items()}


HEADERS: Mapping[str, tuple[str, ...]] = _table(_HEADERS)
WEAK: Mapping[str, tuple[str, ...]] = _table(_WEAK)
KNOWN: Mapping[str, tuple[str, ...]] = _table(_KNOWN)

# What a group of stones is called: the first is the main one.
STONE_NAMES = (
    ("stone 1", "stone", "stones", "main stone", "center stone", "centre stone", "primary stone", "gem",
     "gemstone", "gemstones", "stone one", "1st stone", "主石", "主石1", "宝石", "宝石1", "镶石", "石料", "主钻"),
    ("stone 2", "side stone", "side stones", "side stone 1", "accent stone", "accent stones", "second stone",
     "secondary stone", "2nd stone", "副石", "副石1", "副石一", "宝石2", "配石", "配石1", "辅石", "辅石1", "旁石", "旁石1",
     "副钻"),
    ("stone 3", "side stone 2", "third stone", "3rd stone", "副石2", "副石二", "宝石3", "配石2", "辅石2", "旁石2"),
    ("stone 4", "side stone 3", "fourth stone", "4th stone", "副石3", "副石三", "宝石4", "配石3", "辅石3", "旁石3"),
)  # fmt: skip
STONE_FIELDS = {
    "kind": "; kind; type; name; species; material; variety; 种类; 类别; 名称; 类型; 品种; 材质; 石种; 石类; 分类; 品名; 石头; 石名",
    "count": "count; pcs; qty; quantity; number; pieces; no; no of; pc; piece count; 数量; 粒数; 颗数; 数; 件数; 粒; 颗; 个数; 石数; 粒数量; 总粒数; 总颗数",
    "carat": "carat; weight; carats; ct; cts; ctw; carat weight; weight ct; wt; weight carat; total carat; total weight;"
    " total carat weight; tcw; cttw; ct wt; ct weight; weight cts; 克拉; 重量; 石重; 重; 克拉重; 克拉数; 克拉重量; 总重;"
    " 总重量; 净石重; 重ct; 重量ct; 石重ct; 总石重",
    "origin": "origin; nature; creation; creation method; growth; 成因; 来源; 属性; 天然与否; 性质",
    "treatment": "treatment; enhancement; treatments; 处理; 优化处理; 处理方式; 优化",
    "cut": "cut; shape; cutting; shape cut; 切工; 形状; 琢型; 切割; 外形; 形; 石形; 切割形状",
    "report": "report; certificate; certificate no; cert; cert no; lab report; report no; report number;"
    " 证书; 证书号; 证书编号; 证书号码; 鉴定证书",
    "country": "country; mine; mine origin; country of origin; 产地; 产区; 矿区",
}  # fmt: skip
